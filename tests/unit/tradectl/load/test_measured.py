"""Figures of runs that are made of given seconds."""

from collections import Counter

import pytest

from tradectl.errors import ExitCode, TradectlError
from tradectl.load.comparison import compare
from tradectl.load.histogram import bucket_of
from tradectl.load.measured import Measurement
from tradectl.load.observe import growth
from tradectl.load.page import of_comparison, of_run
from tradectl.load.recorder import Kind, Recorder, Second, merged
from tradectl.load.result import Audited, Run, Verdict
from tradectl.load.spec import aimed


def second(t: int, milliseconds: float = 5.0, count: int = 10, lag: float = 0.001, **fields: float) -> Second:
    kind = Kind()
    kind.counts[bucket_of(milliseconds / 1_000)] = count
    made = Second(t, due=count, kinds={"order": kind})
    made.lag[bucket_of(lag)] = count
    for name, value in fields.items():
        setattr(made, name, value)
    return made


def run(seconds: list[Second], audit: Audited | None = None, holds: bool = True) -> Run:
    return Run(
        id="mixed-1",
        scenario="mixed",
        shape="steady",
        began="2026-01-01T00:00:00Z",
        sandbox="default",
        backend="embedded",
        version="1",
        users=2,
        rate=10.0,
        duration=float(len(seconds)),
        workers=0,
        seed=1,
        points=[(0.0, 10.0), (float(len(seconds)), 10.0)],
        seconds=[each.document() for each in seconds],
        looks=[
            {"t": 1.0, "cpu": {"host": 0.5}, "memory": {"host": 100.0}, "queues": {"orders.queued": 1}, "lag": None}
        ],
        verdicts=[Verdict("p99<1s", "5 ms", holds)],
        audit=audit,
    )


def test_a_second_is_the_same_after_its_way_as_json() -> None:
    made = second(3, busy=0.5)
    made.kinds["order"].errors["503 unavailable"] = 2
    assert Second.of(made.document()) == made


def test_seconds_of_several_generators_add_up() -> None:
    whole = merged([second(0), second(1), second(0, busy=0.7)])
    assert [(each.t, each.due, each.busy) for each in whole] == [(0, 20, 0.7), (1, 10, 0.0)]


def test_what_was_never_sent_is_an_error_of_what_was_asked() -> None:
    measured = Measurement([second(0), second(1, unsent=5)], 2.0)
    assert measured.error_share("*") == pytest.approx(5 / 25)
    assert measured.rate("*") == pytest.approx(10.0)


def test_a_busy_platforms_refusals_are_errors_but_not_unexpected() -> None:
    made = second(0, unsent=10)
    made.kinds["order"].errors.update({"504 outcome_unknown": 1, "429 order_rate_limit": 1, "500 internal": 2})
    made.kinds["quote"] = Kind(made.kinds["order"].counts.copy(), Counter({"timeout": 1}))
    measured = Measurement([made], 1.0)
    assert measured.unexpected_share("*") == pytest.approx(3 / 20)
    assert measured.unexpected_share("order") == pytest.approx(2 / 10)
    assert measured.unexpected_share("nothing") == 0


def test_a_stream_is_no_request() -> None:
    made = second(0)
    made.kinds["stream"] = Kind(made.kinds["order"].counts.copy())
    measured = Measurement([made], 1.0)
    assert (measured.count("*"), measured.count("stream")) == (10, 10)


@pytest.mark.parametrize(
    ("seconds", "saturated"),
    [
        ([second(0), second(1)], False),
        ([second(0, lag=0.5), second(1, lag=0.5)], True),
        ([second(0, busy=0.95), second(1, busy=0.99)], True),
        ([second(t, busy=0.99 if t == 5 else 0.2) for t in range(40)], False),
    ],
)
def test_a_generator_that_cannot_keep_up_says_so(seconds: list[Second], saturated: bool) -> None:
    assert bool(Measurement(seconds, 2.0).saturation().why) is saturated


@pytest.mark.parametrize(
    ("made", "code"),
    [
        (run([second(0)]), ExitCode.OK),
        (run([second(0)], holds=False), ExitCode.CHECK_FAILED),
        (run([second(0)], Audited(False, 1, 1, 1)), ExitCode.CHECK_FAILED),
        (run([second(0, lag=1.0)]), ExitCode.SATURATED),
        (run([second(0, lag=1.0)], Audited(False, 1, 1, 1)), ExitCode.CHECK_FAILED),
    ],
)
def test_the_exit_code_is_the_gravest_thing_that_happened(made: Run, code: ExitCode) -> None:
    assert made.exit_code == code


def test_memory_grows_from_the_end_of_the_warm_up() -> None:
    looks = [{"t": t, "memory": {"host": 100.0 if t < 30 else 100.0 + (t - 30) / 7}} for t in range(101)]
    assert growth(looks, 100.0) == pytest.approx(0.083, abs=0.01)
    assert growth([], 100.0) == 0.0


def test_a_recorder_turns_its_seconds() -> None:
    sent: list[Second] = []
    recorder = Recorder(sent.append)
    recorder.started(0.001)
    recorder.started(None)
    recorder.answered("order", 0.005)
    recorder.answered("order", 0.5, "503")
    recorder.turn()
    recorder.turn()
    first, empty = sent
    assert (first.due, first.late, first.kinds["order"].errors["503"]) == (2, 1, 1)
    assert (empty.due, empty.kinds) == (0, {})


def test_a_report_is_one_page_without_outside_resources() -> None:
    made = run([second(t) for t in range(5)], Audited(True, 0, 10, 5))
    page = of_run(made)
    assert page.count("<svg") >= 6
    assert "src=" not in page
    assert "href=" not in page
    assert "holds" in page
    comparison = of_comparison(made, made, compare(made.measurement, made.measurement, draws=20))
    assert "the same" in comparison


@pytest.mark.parametrize("door", ["http://example.com", "http://10.0.0.1:80", "http://[2001:db8::1]/", "bff"])
def test_no_other_target_than_loopback_is_loaded(door: str) -> None:
    with pytest.raises(TradectlError) as raised:
        aimed(door)
    assert raised.value.exit_code == ExitCode.BAD_INPUT


def test_loopback_is_loaded() -> None:
    assert [aimed(door) for door in ("http://127.0.0.1:1", "http://localhost:1", "http://[::1]:1")]
