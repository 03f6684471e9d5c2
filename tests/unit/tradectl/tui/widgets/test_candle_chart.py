from dataclasses import replace

import pytest

from tests.unit.tradectl.tui.widgets.plain import Alone, texts
from tradectl.tui.widgets.bars import Bar
from tradectl.tui.widgets.candle_chart import CandleChart

MORNING = 1_723_100_400_000_000  # 2024-08-08 07:00


def _bars(count: int = 200) -> list[Bar]:
    return [
        Bar(
            MORNING + index * 60_000_000,
            100 + index % 7,
            110 + index % 7,
            95 + index % 7,
            103 + index % 7,
            10 + index % 5,
        )
        for index in range(count)
    ]


@pytest.fixture
def chart() -> CandleChart:
    chart = CandleChart()
    chart.set_bars(_bars(), 2)
    return chart


def test_the_legend_says_what_the_last_bar_says(chart: CandleChart) -> None:
    assert texts(chart.rows(66, 24))[0] == "08-08 10:19  O 103.00 H 113.00 L 98.00 C 106.00  +0.95%  V 14"


def test_curves_are_named_in_their_panes(chart: CandleChart) -> None:
    chart.next_pane()
    rows = texts(chart.rows(60, 24))
    assert rows[1].lstrip().startswith("SMA 20 105.95  SMA 50 106.00")
    assert any("RSI 14 50.32" in row for row in rows[2:])


def test_the_last_price_has_a_tag_on_the_axis(chart: CandleChart) -> None:
    assert [row[-1] for row in chart.rows(80, 24) if row[-1][1] == "up tag"] == [(" 106.00 ", "up tag")]


def test_a_small_chart_leaves_volume_and_indicator_out(chart: CandleChart) -> None:
    chart.next_pane()
    assert any("70" in row for row in texts(chart.rows(80, 24)))
    assert not any("70" in row for row in texts(chart.rows(80, 9))[1:])


def test_a_word_stands_where_there_are_no_bars() -> None:
    chart = CandleChart()
    chart.empty = "nothing yet"
    assert texts(chart.rows(40, 9))[4].strip() == "nothing yet"


def test_the_forming_bar_replaces_itself_and_the_next_one_follows(chart: CandleChart) -> None:
    last = chart.bars[-1]
    chart.put_bar(replace(last, close=1.0))
    chart.put_bar(replace(last, start=last.start + 60_000_000))
    chart.put_bar(replace(last, start=last.start - 60_000_000, close=7.0))
    assert [bar.close for bar in chart.bars[-2:]] == [1.0, last.close]
    assert len(chart.bars) == 201


async def test_keys_scroll_and_zoom(chart: CandleChart) -> None:
    app = Alone(chart)
    async with app.run_test(size=(100, 24)) as pilot:
        chart.focus()
        await pilot.press("left", "left", "plus")
        assert (chart.view.back, chart.view.pitch) == (20, 4)
        await pilot.press("end", "minus", "minus", "minus")
        assert (chart.view.back, chart.view.pitch) == (0, 1)


async def test_who_looks_back_keeps_what_he_looks_at(chart: CandleChart) -> None:
    async with Alone(chart).run_test(size=(100, 24)):
        chart.action_scroll_bars(10)
        before = texts(chart.rows(100, 24))[-1]
        chart.put_bar(replace(chart.bars[-1], start=chart.bars[-1].start + 60_000_000))
        assert texts(chart.rows(100, 24))[-1] == before


async def test_the_mouse_points_at_a_bar(chart: CandleChart) -> None:
    async with Alone(chart).run_test(size=(100, 24)) as pilot:
        await pilot.hover(CandleChart, offset=(0, 5))
        assert texts(chart.rows(100, 24))[0].startswith("08-08 09:35")


async def test_styles_and_indicators_take_turns(chart: CandleChart) -> None:
    async with Alone(chart).run_test():
        assert [chart.next_style(), chart.next_style()] == ["line", "candles"]
        assert [chart.next_overlay() for _ in range(5)] == ["EMA", "BB", "VWAP", "", "SMA"]
        assert [chart.next_pane() for _ in range(3)] == ["RSI", "MACD", ""]
