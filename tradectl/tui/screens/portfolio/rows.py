"""Rows of the portfolio's tables, and its curve."""

from collections.abc import Sequence
from decimal import Decimal

from tradectl.desk.records import Booked, CurvePoint
from tradectl.desk.records import Entry as Movement
from tradectl.desk.valuation import Sum, Valued
from tradectl.tui.figures import number, percent
from tradectl.tui.widgets.curve import Point
from tradectl.tui.widgets.table import Column, Entry
from tradectl.tui.words import said, t

CENTS = 2


def ink(amount: Decimal | None) -> str:
    """Of a gain or a loss."""
    return "" if not amount else "up" if amount > 0 else "down"


def cash_columns() -> tuple[Column, ...]:
    """Of currencies."""
    return (
        Column(t("cash.currency"), 8, wide=True),
        Column(t("cash.equity"), 13, to_right=True),
        Column(t("cash.free"), 13, to_right=True),
        Column(t("cash.reserved"), 12, rank=2, to_right=True),
        Column(t("cash.unrealised"), 11, rank=1, to_right=True),
        Column(t("cash.realised"), 11, rank=1, to_right=True),
    )


def cash(each: Sum) -> Entry:
    """One currency."""
    return Entry(
        each.cash.currency,
        (
            (each.cash.currency, "strong"),
            (number(each.equity, CENTS), "strong"),
            (number(each.cash.free, CENTS), ""),
            (number(each.cash.reserved, CENTS), "dim"),
            (number(each.unrealised, CENTS, sign=True), ink(each.unrealised)),
            (number(each.realised, CENTS, sign=True), ink(each.realised)),
        ),
    )


def position_columns() -> tuple[Column, ...]:
    """Of what is held."""
    return (
        Column(t("position.symbol"), 8, wide=True),
        Column(t("position.quantity"), 10, to_right=True),
        Column(t("position.average"), 11, rank=2, to_right=True),
        Column(t("position.last"), 11, rank=3, to_right=True),
        Column(t("position.value"), 13, rank=1, to_right=True),
        Column(t("position.profit"), 12, to_right=True),
        Column("%", 10, to_right=True),
        Column(t("position.realised"), 11, rank=4, to_right=True),
    )


def position(each: Valued) -> Entry:
    """One instrument."""
    held = each.position
    return Entry(
        held.symbol,
        (
            (held.symbol, "strong"),
            (number(held.quantity), "strong"),
            (number(held.average_cost), ""),
            (number(each.last), ""),
            (number(each.value, CENTS), ""),
            (number(each.profit, CENTS, sign=True), ink(each.profit)),
            (percent(each.part), ink(each.profit)),
            (number(held.realised, CENTS, sign=True), ink(held.realised)),
        ),
    )


def trade_columns() -> tuple[Column, ...]:
    """Of booked fills."""
    return (
        Column(t("trades.time"), 14, rank=1),
        Column(t("trades.symbol"), 8, wide=True),
        Column(t("trades.side"), 7),
        Column(t("trades.quantity"), 10, to_right=True),
        Column(t("trades.price"), 11, to_right=True),
        Column(t("trades.cost"), 13, rank=3, to_right=True),
        Column(t("trades.fee"), 9, rank=2, to_right=True),
        Column(t("trades.realised"), 11, to_right=True),
    )


def trade(each: Booked) -> Entry:
    """One booked fill; what it realised is a sale's profit."""
    return Entry(
        each.fill_id,
        (
            (f"{each.time:%m-%d %H:%M:%S}", "dim"),
            (each.symbol, "strong"),
            (t(f"side.{each.side}"), "up" if each.side == "buy" else "down"),
            (number(each.quantity), ""),
            (number(each.price), ""),
            (number(each.cost, CENTS), ""),
            (number(each.fee, CENTS), "dim"),
            (number(each.realised, CENTS, sign=True) if each.realised else "", ink(each.realised)),
        ),
    )


def movement_columns() -> tuple[Column, ...]:
    """Of the statement."""
    return (
        Column(t("statement.time"), 14, rank=1),
        Column(t("statement.kind"), 14, wide=True),
        Column(t("statement.asset"), 8),
        Column(t("statement.change"), 15, to_right=True),
        Column(t("statement.balance"), 15, to_right=True),
    )


def movement(n: int, each: Movement) -> Entry:
    """One line of the statement."""
    return Entry(
        str(n),
        (
            (f"{each.time:%m-%d %H:%M:%S}", "dim"),
            (said(f"movement.{each.kind}", each.kind.replace("_", " ")), ""),
            (each.asset, "strong"),
            (number(each.change, sign=True), ink(each.change)),
            (number(each.balance), ""),
        ),
    )


def points(curve: Sequence[CurvePoint]) -> list[Point]:
    """To be drawn: microseconds, and the equity as a float."""
    return [(round(each.time.timestamp() * 1_000_000), float(each.equity)) for each in curve]
