from services.recommendations.domain.record import Close
from services.recommendations.domain.strategies import STRATEGIES
from services.recommendations.domain.watch import Watch
from services.recommendations.handlers import latest, review
from tests.unit.recommendations.paths import STEP, walk


def test_stored_bars_raise_one_signal_a_strategy_and_it_is_marked_historical() -> None:
    bars = [Close(bar.start, bar.close, historical=True) for bar in walk(2_000)]
    watch = Watch("AAPL", 2, bars)
    for name in STRATEGIES:
        [signal] = review(watch, name)
        assert signal.historical
        assert signal.bar_start == watch.past(name)[-1].bar.start


def test_bars_after_the_start_raise_each_of_their_signals() -> None:
    bars = [Close(bar.start, bar.close) for bar in walk(2_000)]
    watch = Watch("AAPL", 2, bars)
    for name in STRATEGIES:
        assert len(review(watch, name)) == len(watch.past(name))


def test_the_record_is_of_all_signals_on_the_stored_bars() -> None:
    watch = Watch("AAPL", 2, walk(2_000))
    known = [past.right for past in watch.past("macd") if past.right is not None]
    signal = latest(watch, "macd")
    assert signal.record["signals"] == str(len(known))
    assert signal.record["right"] == str(sum(known))
    assert f"right {sum(known)} times of {len(known)}" in signal.reason["en"]
    assert f"{sum(known)} раз из {len(known)}" in signal.reason["ru"]


def test_other_bars_make_other_words_and_another_strength() -> None:
    bars = walk(2_000)
    place = bars.index(Watch("AAPL", 2, bars).past("bollinger")[-1].bar)
    cut = bars[: place + 1]
    further = [*cut[:-1], Close(cut[-1].start, cut[-1].close + (cut[-1].close - cut[-2].close))]
    turned = [Close(bar.start, 20_000 - bar.close, bar.historical) for bar in cut]
    before, stronger, other = (latest(Watch("AAPL", 2, each), "bollinger") for each in (cut, further, turned))
    assert stronger.strength > before.strength
    assert stronger.reason != before.reason
    assert stronger.numbers != before.numbers
    assert {before.side, other.side} == {"buy", "sell"}
    assert other.record == before.record | {"hit_rate": other.record["hit_rate"]}


def test_a_strategy_without_a_past_says_so() -> None:
    rising = [Close(place * STEP, 10_000 + 10 * place) for place in range(16)]
    signal = latest(Watch("AAPL", 2, [*rising, Close(16 * STEP, 9_000), Close(17 * STEP, 8_000)]), "rsi")
    assert signal.record == {"signals": "0", "right": "0", "hit_rate": "-"}
    assert "no such signal" in signal.reason["en"]
