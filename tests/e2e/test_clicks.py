"""The trader's click is the first span of all that comes of it."""

from tests.e2e import life
from tests.e2e.tool import Tool
from tests.eventually import eventually
from tradectl.stack.state import Sandbox
from tradectl.telemetry.choice import source_of


async def test_an_order_is_one_trace_from_the_click_through_every_service_to_the_mail(platform: Tool) -> None:
    order = await life.bought(platform)
    source = source_of(Sandbox("default", platform.sandbox()))
    chain = life.begun(life.CLICK)
    spans = await eventually(lambda: life.whole(source, chain, order))
    life.agrees(spans, chain, life.CLICK)
    assert {str(span.fields["order_id"]) for span in spans if "order_id" in span.fields} == {order}
    (click,) = [span for span in spans if life.named(span) == life.CLICK]
    assert (click.fields["status"], click.parent) == (201, "")

    (heading,) = platform.ok("traces", "--order", order, "--json").json["items"]
    assert (heading["id"], heading["name"]) == (click.trace, "click POST /orders")
    logs = platform.ok("logs", "tradectl", "--trace", click.trace, "--json").out
    assert '"event": "click"' in logs


async def test_a_smoke_run_s_step_is_the_first_span_of_what_it_asks_for(platform: Tool) -> None:
    platform.ok("smoke", "--json")
    source = source_of(Sandbox("default", platform.sandbox()))
    chain = life.begun(life.STEP)
    life.agrees(await eventually(lambda: life.whole(source, chain)), chain, life.STEP)
