"""Rows of the ideas screen: signals, advice, a backtest's outcome."""

from decimal import Decimal

from textual.content import Content

from tradectl.desk.account import Signal
from tradectl.desk.records import Advice, Backtest
from tradectl.tui.figures import number
from tradectl.tui.widgets.rows import Span
from tradectl.tui.widgets.table import Column, Entry
from tradectl.tui.words import language, said, t


def columns() -> tuple[Column, ...]:
    """Of signals."""
    return (
        Column(t("signals.time"), 11),
        Column(t("signals.symbol"), 8),
        Column(t("signals.side"), 7),
        Column(t("signals.strategy"), 16, wide=True),
        Column(t("signals.strength"), 8, rank=1, to_right=True),
        Column(t("signals.record"), 9, rank=2, to_right=True),
    )


def side(name: str | None) -> Span:
    """A side that something leans to, or none."""
    return ("", "") if name is None else (t(f"side.{name}"), "up" if name == "buy" else "down")


def signal(each: Signal) -> Entry:
    """One signal; ``record`` is how often its strategy was right."""
    return Entry(
        each.id,
        (
            (f"{each.bar_start:%m-%d %H:%M}", "dim"),
            (each.symbol, "strong"),
            side(each.side),
            (t(f"strategy.{each.strategy}"), "faint" if each.historical else ""),
            (number(Decimal(each.strength)), ""),
            (record(each), "dim"),
        ),
    )


def record(each: Signal) -> str:
    """Right of so many."""
    return f"{each.record['right']}/{each.record['signals']}" if {"right", "signals"} <= each.record.keys() else ""


def reason(each: Signal) -> Content:
    """Its sentence in the reader's language, and its numbers."""
    numbers = "  ".join(f"{name} {value}" for name, value in each.numbers.items())
    text = each.reason.get(language()) or each.reason.get("en", "")
    return Content.assemble((f"{text}\n", "bold"), (numbers, "$flat"))


def advice_columns() -> tuple[Column, ...]:
    """Of what there is for the trader."""
    return (
        Column(t("advice.kind"), 14, rank=1),
        Column(t("signals.symbol"), 8),
        Column(t("signals.side"), 7, rank=2),
        Column(t("advice.text"), 20, wide=True),
    )


def advice(n: int, each: Advice) -> Entry:
    """One piece of advice."""
    text = each.text.get(language()) or each.text.get("en", "")
    kind = said(f"advice.{each.kind}", each.kind.replace("_", " "))
    return Entry(f"a{n}", ((kind, ""), (each.symbol or "", "strong"), side(each.side), (text, "")))


def outcome(found: Backtest) -> Content:
    """What it comes to, in a few lines."""
    gain = "bold $up" if found.profit_percent > 0 else "bold $down" if found.profit_percent < 0 else "bold"
    hits = "–" if found.hit_rate_percent is None else f"{number(found.hit_rate_percent)} %"
    lines = [
        ("backtest.profit", f"{number(found.profit_percent, sign=True)} %", gain),
        ("backtest.hold", f"{number(found.hold_percent, sign=True)} %", ""),
        ("backtest.drawdown", f"{number(found.drawdown_percent)} %", ""),
        ("backtest.hits", hits, ""),
        ("backtest.trades", f"{len(found.trades)}", ""),
        ("backtest.equity", f"{number(found.equity, 2)} {found.currency}", ""),
    ]
    return Content.assemble(*((f"{t(key)}: {text}   ", style) for key, text, style in lines))
