import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from talipp.indicators import BB, EMA, MACD, RSI, SMA

from services.recommendations.domain import strategies, watch
from services.recommendations.domain.record import HORIZON, Close, Record
from services.recommendations.domain.strategies import MOST, STRATEGIES, Name, feed
from services.recommendations.domain.watch import Watch
from services.recommendations.domain.words import reason
from tests.unit.recommendations.paths import walk


def test_a_bar_that_is_not_newer_is_ignored() -> None:
    bars = walk(300)
    twice = Watch("AAPL", 2, [bar for bar in bars for _ in range(2)])
    assert twice.bars == bars
    assert [twice.past(name) for name in STRATEGIES] == [Watch("AAPL", 2, bars).past(name) for name in STRATEGIES]


@pytest.mark.parametrize("name", STRATEGIES)
def test_a_signal_is_judged_by_the_close_at_its_horizon(name: Name) -> None:
    bars = walk(2_000)
    seen = Watch("AAPL", 2, bars)
    assert len(seen.past(name)) > 3
    for past in seen.past(name):
        place = bars.index(past.bar)
        if place + HORIZON < len(bars):
            rose = bars[place + HORIZON].close > past.bar.close
            fell = bars[place + HORIZON].close < past.bar.close
            assert past.right == (rose if past.sighting.side == "buy" else fell)
        else:
            assert past.right is None


def test_old_bars_are_forgotten_with_what_was_seen_on_them(monkeypatch: pytest.MonkeyPatch) -> None:
    bars = walk(3_000)
    whole = Watch("AAPL", 2, bars)
    monkeypatch.setattr(watch, "KEPT", 1_000)
    short = Watch("AAPL", 2, bars)
    assert len(short.bars) <= 1_000
    for name in STRATEGIES:
        kept = [past for past in whole.past(name) if past.bar.start >= short.bars[0].start]
        assert short.past(name) == kept


@pytest.mark.parametrize("make", [lambda: SMA(50), lambda: EMA(50), lambda: RSI(14), lambda: MACD(12, 26, 9)])
def test_an_indicator_that_forgets_goes_on_as_one_that_does_not(make: type[SMA]) -> None:
    forgetful, whole = make(), make()
    for bar in walk(2_000):
        feed(forgetful, bar.close / 100)
        whole.add(bar.close / 100)
        assert forgetful[-1] == pytest.approx(whole[-1])
    assert len(forgetful) <= MOST < len(whole)


def test_bollinger_bands_that_forget_go_on_as_those_that_do_not() -> None:
    forgetful, whole = BB(20, 2), BB(20, 2)
    for bar in walk(2_000):
        strategies.feed(forgetful, bar.close / 100)
        whole.add(bar.close / 100)
    assert forgetful[-1] == whole[-1]


@given(st.integers(0, 10_000), st.integers(1, 300))
@settings(max_examples=20)
def test_a_restart_anywhere_sees_what_a_watch_without_one_sees(seed: int, cut: int) -> None:
    bars = walk(300, seed)
    live = Watch("AAPL", 2, bars[:cut])
    raised = [(name, bar.start) for bar in bars[cut:] for name in live.add(bar)]
    replayed = Watch("AAPL", 2, bars)
    for name in STRATEGIES:
        assert replayed.past(name) == live.past(name)
    seen = {(name, past.bar.start) for name in STRATEGIES for past in replayed.past(name)}
    assert set(raised) == {(name, start) for name, start in seen if start >= walk_start(bars, cut)}


def walk_start(bars: list[Close], cut: int) -> int:
    return bars[cut].start if cut < len(bars) else bars[-1].start + 1


@given(st.integers(0, 10_000))
@settings(max_examples=20)
def test_strengths_are_from_one_to_a_hundred_and_every_side_is_said_in_words(seed: int) -> None:
    seen = Watch("AAPL", 2, walk(300, seed))
    for name in STRATEGIES:
        for past in seen.past(name):
            assert 1 <= past.sighting.strength <= 100
            sentence = reason(name, past.sighting, Record(0, 0))
            assert set(sentence) == {"en", "ru"}
            assert all("{" not in words for words in sentence.values())
