"""Who shares a sandbox, and who does not."""

from pathlib import Path

import pytest

from services.contracts.faults import KINDS
from tradectl.scenario import grounds
from tradectl.scenario.failures import Broke
from tradectl.scenario.grounds import Ground, Grounds, backends_of, ground_of
from tradectl.scenario.load import load
from tradectl.scenario.target import Target
from tradectl.stack.state import Sandbox

PLAIN = """\
scenario: Something that should be so.
actors: {ann: {}}
steps:
  - expect: {cash: USD}
"""


def ground(tmp_path: Path, text: str, number: int = 1, seed: int | None = None) -> Ground:
    file = tmp_path / "some.yaml"
    file.write_text(text, encoding="utf-8")
    return ground_of(load(file), "embedded", seed, number)


def test_scenarios_that_want_nothing_special_share_one(tmp_path: Path) -> None:
    assert ground(tmp_path, PLAIN) == ground(tmp_path, PLAIN.replace("USD", "RUB"), 2)


def test_another_seed_start_or_limit_is_another_sandbox(tmp_path: Path) -> None:
    wishes = ["", "seed: 2\n", "at: 2024-08-08T12:00:00Z\n", "needs: {settings: {orders.max_open: 1}}\n"]
    assert len({ground(tmp_path, PLAIN + wish) for wish in wishes}) == len(wishes)


def test_the_command_lines_seed_is_that_of_all(tmp_path: Path) -> None:
    assert ground(tmp_path, f"{PLAIN}seed: 2\n", seed=0).seed == 0
    assert ground(tmp_path, f"{PLAIN}seed: 2\n").seed == 2


def test_who_looks_at_the_digest_is_alone_because_it_is_that_of_all(tmp_path: Path) -> None:
    assert ground(tmp_path, f"{PLAIN}  - expect: {{digest: any}}\n").own
    assert ground(tmp_path, f"{PLAIN}  - wait: {{until: {{digest: any}}}}\n").own


@pytest.mark.parametrize(
    "step", ["clock: {pause: true}", "fault: {add: mail.refuse}", "wait: {until: {cash: USD}, pause: true}"]
)
def test_who_disturbs_others_is_alone_and_another_who_does_may_follow(tmp_path: Path, step: str) -> None:
    wants = [ground(tmp_path, f"{PLAIN}  - repeat: {{times: 2, steps: [{{{step}}}]}}\n", number) for number in (1, 2)]
    assert wants[0].alone
    assert wants[0] == wants[1]


@pytest.mark.parametrize("step", ["clock: {step: 1m}", "clock: {seek: '10:00'}", "restart: {part: orders}"])
def test_who_takes_a_sandbox_elsewhere_has_one_that_nobody_else_gets(tmp_path: Path, step: str) -> None:
    wants = [ground(tmp_path, f"{PLAIN}  - {step}\n", number) for number in (1, 2)]
    assert wants[0].own
    assert wants[0] != wants[1]


@pytest.fixture
def started(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """The names of sandboxes that came up."""
    names: list[str] = []

    def start(name: str, _: Ground) -> Target:
        names.append(name)
        return Target(name)

    monkeypatch.setattr(grounds, "start", start)
    return names


ALONE = Ground("embedded", 1, alone=True)


def test_two_who_want_to_be_alone_are_not_in_one_sandbox_at_once_but_one_after_the_other(started: list[str]) -> None:
    made = Grounds()
    for _ in range(3):
        made.expect(ALONE)
    one, two = made.enter(ALONE), made.enter(ALONE)
    doors = [made.up(plot, ALONE).door for plot in (one, two)]
    assert made.leave(ALONE, one, unspoilt=True) is None
    third = made.enter(ALONE)
    assert made.up(third, ALONE).door == doors[0]
    assert started == doors
    assert [left.door for plot in (two, third) if (left := made.leave(ALONE, plot, unspoilt=True))] == doors[::-1]


def test_nobody_takes_over_what_was_spoilt(started: list[str]) -> None:
    made = Grounds()
    made.expect(ALONE)
    made.expect(ALONE)
    first = made.enter(ALONE)
    target = made.up(first, ALONE)
    assert made.leave(ALONE, first, unspoilt=False) is target
    made.up(made.enter(ALONE), ALONE)
    assert len(set(started)) == 2


def test_who_shares_is_in_the_same_sandbox_until_the_last_has_left(started: list[str]) -> None:
    made, shared = Grounds(), Ground("embedded", 1)
    made.expect(shared)
    made.expect(shared)
    first, second = made.enter(shared), made.enter(shared)
    target = made.up(first, shared)
    assert made.up(second, shared) is target
    assert made.leave(shared, first, unspoilt=True) is None
    assert made.leave(shared, second, unspoilt=True) is target
    assert len(started) == 1


@pytest.fixture
def renewed(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """The names of sandboxes that began anew."""
    names: list[str] = []

    def renew(target: Target, _: Ground) -> Target:
        names.append(target.door)
        return Target(target.door)

    monkeypatch.setattr(grounds, "renew", renew)
    return names


ONE, OTHER = Ground("embedded", 1, own="one"), Ground("embedded", 2, own="other")


def test_a_sandbox_that_is_done_with_begins_anew_for_the_next(started: list[str], renewed: list[str]) -> None:
    made = Grounds()
    for wanted in (ONE, OTHER):
        made.expect(wanted)
    plot = made.enter(ONE)
    target = made.up(plot, ONE)
    assert made.leave(ONE, plot, unspoilt=True) is target
    assert made.pass_on(target, ONE)
    assert made.up(made.enter(OTHER), OTHER).door == target.door
    assert renewed == started == [target.door]
    assert not made.pass_on(target, OTHER)


def test_a_sandbox_with_a_network_that_can_be_disturbed_is_no_use_to_others(started: list[str]) -> None:
    made, disturbed = Grounds(), Ground("embedded", 1, world=(("network-faults", ""),), own="two")
    for wanted in (ONE, disturbed):
        made.expect(wanted)
    target = made.up(made.enter(ONE), ONE)
    assert not made.pass_on(target, ONE)
    assert made.up(made.enter(disturbed), disturbed).door != target.door
    assert len(started) == 2


@pytest.mark.parametrize(
    ("step", "backends"),
    [
        ("fault: {add: server.kill, with: {server: redis}}", list(KINDS["server.kill"].backends)),
        ("fault: {add: network.reset, with: {between: 'orders,primary'}}", ["containers"]),
        ("fault: {add: network.reset, with: {between: 'orders,broker'}}", ["embedded", "containers", "external"]),
        ("clock: {pause: true}", None),
    ],
)
def test_who_breaks_something_needs_a_backend_that_has_it(
    tmp_path: Path, step: str, backends: list[str] | None
) -> None:
    (tmp_path / "some.yaml").write_text(f"{PLAIN}  - {step}\n", encoding="utf-8")
    assert backends_of(load(tmp_path / "some.yaml")) == backends


def test_a_sandbox_of_an_earlier_run_that_would_not_go_is_told_of_and_holds_nobody_up(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    asked: list[str] = []

    def down(*words: str) -> None:
        asked.append(words[-1])
        if words[-1] == "scenario-1-1":
            raise Broke("down ended with 10: a network")

    monkeypatch.setattr(
        grounds, "existing", lambda: [Sandbox(each, tmp_path) for each in ("scenario-1-1", "scenario-1-2")]
    )
    monkeypatch.setattr(grounds, "_orphaned", lambda _: True)
    monkeypatch.setattr(grounds, "tradectl", down)
    assert grounds.sweep() == ["down ended with 10: a network"]
    assert asked == ["scenario-1-1", "scenario-1-2"]
