"""A mail and a push are spans of the trace of what they tell of, however late they leave."""

from pathlib import Path
from typing import Any

from services.runtime.resources import Running
from tests.eventually import eventually
from tests.integration.logs import REQUEST, TRACE, Logs
from tests.integration.notifications.browsers import push_office, subscribed
from tests.integration.notifications.desk import order_filled, post_office, profile, service
from tests.integration.people import client, state_of


def told(logs: Logs, event: str) -> list[dict[str, Any]]:
    """The lines of this event in the order's trace."""
    return [line for line in logs.lines("notifications", event) if line.get("trace_id") == TRACE]


async def all_sent(running: Running, *tables: str) -> None:
    async def sent() -> bool:
        state = await state_of(running)
        return all([row["status"] for row in state[table]] == ["sent"] for table in tables)

    await eventually(sent)


async def test_a_mail_and_a_push_are_children_of_what_made_them(logs: Logs, tmp_path: Path) -> None:
    async with push_office(tmp_path) as (around, _, endpoint), service(around) as running:
        await around.publish(profile())
        async with client(running, "ann") as ann:
            await subscribed(ann, endpoint)
        await around.publish(order_filled(), traceparent=REQUEST)
        await all_sent(running, "deliveries", "push_deliveries")
        (applied,) = told(logs, "applied")
        deliveries = told(logs, "delivery")
        assert sorted((line["kind"], line["status"]) for line in deliveries) == [("mail", "sent"), ("push", "sent")]
        assert {line["parent_id"] for line in deliveries} == {applied["span_id"]}
        assert len({line["span_id"] for line in deliveries}) == 2
        assert all(line["ms"] > 0 for line in deliveries)


async def test_one_that_leaves_after_a_restart_still_belongs_to_it(logs: Logs, tmp_path: Path) -> None:
    async with post_office(tmp_path) as (around, post):
        async with service(around) as running:
            await post.close()
            await around.publish(profile())
            await around.publish(order_filled(), traceparent=REQUEST)
            await tried(running)
        await post.open()
        async with service(around) as running:
            await all_sent(running, "deliveries")
        *in_vain, last = told(logs, "delivery")
        assert {line["status"] for line in in_vain} == {"again"}
        assert (last["status"], last["level"]) == ("sent", "info")


async def test_one_that_is_given_up_is_an_error_of_its_trace(logs: Logs, tmp_path: Path) -> None:
    options = {"notifications.mail_attempts": "1"}
    async with post_office(tmp_path, options) as (around, post), service(around) as running:
        await post.close()
        await around.publish(profile())
        await around.publish(order_filled(), traceparent=REQUEST)
        await tried(running)
        (line,) = told(logs, "delivery")
        assert (line["kind"], line["status"], line["level"]) == ("mail", "failed", "error")


async def tried(running: Running) -> None:
    """Until the mail has been tried in vain."""

    async def once() -> bool:
        return any(row["attempts"] for row in (await state_of(running))["deliveries"])

    await eventually(once)
