"""The start as a tree of what waited for what."""

from tradectl.stack.events import Kind, StackEvent
from tradectl.stack.explanation import explain, lines

SECOND = 1_000_000
BEGAN = 1_700_000_000 * SECOND


def event(kind: Kind, part: str, at: float, took: float = 0.0, *after: str) -> StackEvent:
    return StackEvent(kind=kind, part=part, time=BEGAN + int(at * SECOND), seconds=took, after=after)


EVENTS = [
    event("bound", "", 0.1, 0.1),
    event("imported", "", 1.0, 0.9),
    event("starting", "clock", 1.0, 0, "libraries"),
    event("starting", "venue", 1.1, 0, "clock"),
    event("ready", "venue", 1.5, 0.4),
    event("ready", "clock", 1.6, 0.6),
    event("starting", "orders", 1.5, 0, "libraries", "venue"),
    event("starting", "chat", 1.0, 0, "libraries"),
    event("ready", "chat", 1.2, 0.2),
    event("ready", "orders", 2.0, 0.5),
]


def test_each_step_stands_below_the_one_that_it_waited_for_last() -> None:
    drawn = [f"{'  ' * depth}{step.name}" for depth, step in lines(explain(EVENTS, BEGAN))]
    assert drawn == ["up", "  ports", "    libraries", "      clock", "        venue", "          orders", "      chat"]


def test_times_are_seconds_from_the_beginning() -> None:
    found = {step.name: step for _, step in lines(explain(EVENTS, BEGAN))}
    assert (found["orders"].began, found["orders"].ended) == (1.5, 2.0)
    assert found["up"].ended == 2.0


def test_what_the_whole_start_waited_for_is_marked() -> None:
    decisive = [step.name for _, step in lines(explain(EVENTS, BEGAN)) if step.decisive]
    assert decisive == ["up", "ports", "libraries", "clock", "venue", "orders"]


def test_a_start_that_did_nothing_is_a_root_alone() -> None:
    assert [step.name for _, step in lines(explain([], BEGAN))] == ["up"]


def test_steps_that_wait_for_each_other_do_not_go_on_for_ever() -> None:
    circle = [event("ready", "a", 1, 1, "b"), event("ready", "b", 2, 1, "a")]
    assert explain(circle, BEGAN).ended == 2
