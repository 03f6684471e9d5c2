"""A part's faults begin, strike by their own chance, and are over in time."""

import msgspec
import pytest

from services.contracts.faults import Fault, UnfitError, Wish
from services.runtime import faults
from services.runtime.faults import Active
from tests.breaking import broken, mend
from tests.eventually import eventually

pytestmark = pytest.mark.usefixtures("mended")


async def test_a_fault_is_over_at_its_deadline_although_nobody_ends_it() -> None:
    told: list[str] = []
    own = faults.of("mail")
    own.on("mail.latency", lambda _: told.append("begun"), lambda _: told.append("over"))
    broken("mail", "mail.latency", seconds=0.05)
    assert own.find("mail.latency") is not None
    await eventually(lambda: told == ["begun", "over"])
    assert own.find("mail.latency") is None
    assert own.active == ()


async def test_a_fault_that_is_cleared_ends_once() -> None:
    told: list[str] = []
    own = faults.of("mail")
    own.on("mail.latency", end=lambda active: told.append(active.fault.id))
    first, second = broken("mail", "mail.latency", ms=1), broken("mail", "mail.latency", ms=2)
    assert own.find("mail.latency") is second
    assert own.clear(first.fault.id) == [first.fault]
    assert own.clear(first.fault.id) == []
    mend("mail")
    assert told == [first.fault.id, second.fault.id]


async def test_the_same_seed_strikes_the_same_times() -> None:
    def strikes(seed: int) -> list[bool]:
        active = broken("mail", "mail.temporary", percent=30, seed=seed)
        return [active.strikes() for _ in range(1_000)]

    first, again, other = strikes(1), strikes(1), strikes(2)
    assert first == again != other
    assert 250 < sum(first) < 350


async def test_of_two_faults_the_one_with_the_parameters_wanted_is_found() -> None:
    broken("provider", "feed.stale", symbol="AAPL")
    assert faults.of("provider").find("feed.stale", symbol="AAPL") is not None
    assert faults.of("provider").find("feed.stale", symbol="IBM") is None
    assert faults.of("broker").find("feed.stale", symbol="AAPL") is None


async def test_what_is_to_be_done_again_and_again_ends_with_the_fault() -> None:
    times: list[Active] = []
    active = broken("broker", "fix.logout", every=0.1)
    active.repeat(0.001, times.append)
    await eventually(lambda: len(times) > 3)
    mend("broker")
    done = len(times)
    active.repeat(0.001, times.append)
    assert len(times) == done


@pytest.mark.parametrize(
    "wish",
    [
        Wish(kind="mail.nothing", seconds=1),
        Wish(kind="service.kill", seconds=1, parameters={"service": "host"}),
        Wish(kind="mail.latency", seconds=0),
        Wish(kind="mail.latency", seconds=3_601),
        Wish(kind="mail.latency", seconds=1, parameters={"ms": 0}),
        Wish(kind="mail.latency", seconds=1, parameters={"ms": "soon"}),
        Wish(kind="mail.latency", seconds=1, parameters={"percent": 3}),
        Wish(kind="service.slow", seconds=1),
    ],
    ids=str,
)
async def test_a_wish_that_does_not_fit_begins_nothing(wish: Wish) -> None:
    with pytest.raises(UnfitError):
        faults.of("mail").add(wish)
    assert faults.of("mail").active == ()


async def test_the_page_lists_begins_and_ends() -> None:
    own = faults.of("mail")
    status, begun = faults.answered(
        own, "POST", None, b'{"kind": "mail.latency", "seconds": 9, "parameters": {"ms": 5}}'
    )
    assert isinstance(begun, Fault)
    assert (status, begun.until - begun.began, begun.parameters) == (201, 9_000_000, {"ms": 5.0})
    assert faults.answered(own, "GET", None, b"") == (200, {"items": [begun]})
    assert faults.answered(own, "DELETE", "other", b"") == (200, {"items": []})
    assert faults.answered(own, "DELETE", begun.id, b"") == (200, {"items": [begun]})
    assert faults.answered(own, "GET", None, b"") == (200, {"items": []})
    assert faults.answered(own, "PUT", None, b"")[0] == 405
    for body in (b"", b"{", b'{"kind": "mail.latency", "seconds": 9, "more": 1}', b'{"kind": "x", "seconds": 9}'):
        assert faults.answered(own, "POST", None, body)[0] == 422
    assert msgspec.json.decode(msgspec.json.encode(begun), type=Fault) == begun


async def test_a_process_begins_with_what_its_environment_wishes() -> None:
    wish = '[{"kind": "service.errors", "seconds": 60, "parameters": {"service": "bff", "percent": 5}}]'
    for part in ("bff", "auth"):
        faults.begin(part, {"TRADECTL_FAULTS": wish})
    faults.begin("chat", {})
    assert [each.fault.kind for each in faults.of("bff").active] == ["service.errors"]
    assert (faults.of("auth").active, faults.of("chat").active) == ((), ())
