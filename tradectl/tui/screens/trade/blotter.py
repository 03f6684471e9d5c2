"""The blotter's rows: orders, and what became of the one under the cursor."""

from collections.abc import Iterable, Mapping
from decimal import Decimal

from tradectl.desk.account import Order
from tradectl.desk.records import Explained, Happened, Life
from tradectl.tui.figures import number
from tradectl.tui.widgets.rows import Span
from tradectl.tui.widgets.table import Column, Entry
from tradectl.tui.words import said, t

FILTERS = ("all", "open", "done")
INKS = {"filled": "up", "rejected": "warn", "expired": "dim", "cancelled": "dim"}
KEPT = 200
"""Orders that are shown."""


def columns() -> tuple[Column, ...]:
    """Of orders."""
    return (
        Column(t("blotter.time"), 8, rank=3),
        Column(t("blotter.symbol"), 7),
        Column("", 4),
        Column(t("blotter.type"), 11, rank=4),
        Column(t("blotter.quantity"), 9, to_right=True),
        Column(t("blotter.price"), 9, to_right=True),
        Column(t("blotter.average"), 10, rank=5, to_right=True),
        Column(t("blotter.status"), 9, wide=True),
    )


def selected(orders: Iterable[Order], chosen: str) -> list[Order]:
    """Open ones first, then those that ended, newest first."""
    wanted = [each for each in orders if chosen == "all" or each.open == (chosen == "open")]
    return sorted(wanted, key=lambda each: (each.open, each.created_at, each.id), reverse=True)[:KEPT]


def entry(order: Order) -> Entry:
    """One order."""
    filled = number(order.filled_quantity)
    return Entry(
        order.id,
        (
            (f"{order.created_at:%H:%M:%S}", "dim"),
            (order.symbol, "strong"),
            (t(f"short.{order.side}"), "up" if order.side == "buy" else "down"),
            (t(f"type.{order.type}"), ""),
            (f"{filled}/{number(order.quantity)}" if order.filled_quantity else number(order.quantity), ""),
            (price(order), ""),
            (number(order.average_price) if order.average_price is not None else "", "dim"),
            (status(order), INKS.get(order.status, "strong" if order.open else "")),
        ),
    )


def price(order: Order) -> str:
    """Its limit, else its stop, else a word."""
    given = order.limit_price if order.limit_price is not None else order.stop_price
    return t("blotter.market") if given is None else number(given)


def status(order: Order) -> str:
    """Where it stands, and why it ended."""
    word = t(f"order.{order.status}")
    if order.reason is None:
        return word
    return f"{word}: {said(f'reason.{order.reason}', order.reason.replace('_', ' '))}"


def detail_columns() -> tuple[Column, ...]:
    """Of what became of an order."""
    return (
        Column(t("detail.time"), 8),
        Column(t("detail.event"), 14),
        Column(t("detail.quantity"), 7, rank=1, to_right=True),
        Column(t("detail.price"), 9, rank=1, to_right=True),
        Column(t("detail.fee"), 8, rank=3, to_right=True),
        Column(t("detail.why"), 10, rank=2, wide=True),
    )


def details(life: Life, why: Mapping[str, Explained]) -> list[Entry]:
    """Its history with its fills, oldest first; ``why`` by fill."""
    rows = [(each.time, n, _happened(each, n)) for n, each in enumerate(life.history) if each.event != "fill"]
    for n, fill in enumerate(life.fills, len(life.history)):
        cells: tuple[Span, ...] = (
            (f"{fill.time:%H:%M:%S}", "dim"),
            (t("event.fill") if fill.quantity > 0 else t("event.taken_back"), "up" if fill.quantity > 0 else "warn"),
            (number(fill.quantity), "strong"),
            (number(fill.price), "strong"),
            (number(fill.fee), "dim"),
            (reason(why[fill.id]) if fill.id in why else t(f"liquidity.{fill.liquidity}"), ""),
        )
        rows.append((fill.time, n, Entry(fill.id, cells)))
    return [each for _, _, each in sorted(rows, key=lambda row: row[:2])]


def _happened(line: Happened, n: int) -> Entry:
    because = said(f"reason.{line.reason}", line.reason.replace("_", " ")) if line.reason else ""
    word = said(f"event.{line.event}", line.event.replace("_", " "))
    return Entry(f"h{n}", ((f"{line.time:%H:%M:%S}", "dim"), (word, ""), *[("", "")] * 3, (because, "dim")))


def reason(fill: Explained) -> str:
    """Why a fill has its price, in the trader's language."""
    if fill.reverses is not None or fill.quantity < Decimal(0):
        return fill.why
    if fill.liquidity == "maker":
        return t("why.own_limit", queue=number(fill.queue_ahead))
    return t("why.deeper_level", level=fill.level) if fill.level else t("why.best_price")
