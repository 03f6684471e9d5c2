"""The topology."""

import pytest

from services.contracts.manifest import ServiceManifest
from sim.network.manifest import LINKS, SERVED
from tests.unit.tradectl.stack.manifests import CONSUMER, LIVE, PRODUCER, chain, part
from tradectl.errors import ExitCode, TradectlError
from tradectl.stack.topology import PARTS, SERVICES, SIMULATORS, TopologyError, of, platform


def test_the_platform_is_eight_services_and_seven_simulators_that_fit_together() -> None:
    platform().check()
    assert [part.name for part in platform().services] == list(SERVICES)
    assert [part.name for part in platform().simulators] == list(SIMULATORS)
    assert len(PARTS) == 15


def test_every_manifest_of_the_platform_is_called_as_its_room() -> None:
    assert [part.name for part in platform()] == list(PARTS)


def test_a_part_starts_after_what_it_needs() -> None:
    assert chain().start_order() == ("a", "b", "c")


def test_a_circle_of_needs_is_named() -> None:
    with pytest.raises(TopologyError, match=r"a -> b -> a|b -> a -> b"):
        of([part("a", "b"), part("b", "a")]).check()


def test_an_unknown_need_is_named() -> None:
    with pytest.raises(TopologyError, match="a needs nobody"):
        of([part("a", "nobody")]).check()


@pytest.mark.parametrize("taker", [CONSUMER, LIVE])
def test_an_event_that_nobody_publishes_is_named(taker: ServiceManifest) -> None:
    with pytest.raises(TopologyError, match="order_placed, which nobody publishes"):
        of([taker]).check()
    of([taker, PRODUCER]).check()


def test_the_network_can_lie_between_all_that_call_each_other() -> None:
    services = {part.name for part in platform().services}
    calls = {
        (part.name, other) for part in platform().services for other in (*part.needs, *part.calls) if other in services
    }
    assert calls <= {(link.caller, link.callee) for link in LINKS}


def test_the_network_can_lie_between_each_service_and_the_servers_that_it_needs() -> None:
    storing = {part.name for part in platform().services if part.database}
    everybody = {part.name for part in platform().services}
    wanted = {(part, server) for part in storing for server in ("primary", "replica")}
    wanted |= {(part, server) for part in everybody for server in ("rabbitmq", "redis")}
    assert {(link.caller, link.callee) for link in SERVED} == wanted


def test_an_unknown_service_is_an_error_that_lists_the_known_ones() -> None:
    with pytest.raises(TradectlError) as caught:
        chain()["d"]
    assert caught.value.exit_code is ExitCode.NOT_FOUND
    assert "c, a, b" in caught.value.hint


def test_a_producer_is_told_which_queues_want_its_events() -> None:
    assert of([PRODUCER, CONSUMER, LIVE]).consumers(PRODUCER) == {"order_placed": [CONSUMER.name]}
    assert of([PRODUCER, LIVE]).consumers(PRODUCER) == {}
