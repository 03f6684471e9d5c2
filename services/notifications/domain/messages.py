"""A notification out of an event, in its reader's language."""

from collections.abc import Mapping
from dataclasses import dataclass

from services.contracts import money
from services.contracts.orders import Fill, OrderState, average_price
from services.contracts.times import rfc3339
from services.notifications.domain.templates import KINDS, REASONS, SIDES, Language

SECONDS = len("2024-08-08T07:12:03")


@dataclass(frozen=True, slots=True)
class Message:
    """What a channel carries; ``in_app`` is false for what only the mail may know, such as a code."""

    user_id: str
    kind: str
    title: str
    text: str
    in_app: bool = True


def plain_message(
    user_id: str, kind: str, language: Language, facts: Mapping[str, str], *, in_app: bool = True
) -> Message:
    """A message of a kind with its facts; a fact never begins a new line, so that it cannot pretend to be text."""
    template = KINDS[kind][language]
    safe = {name: " ".join(value.split()) for name, value in facts.items()}
    return Message(user_id, kind, template.title.format_map(safe), template.text.format_map(safe), in_app)


def order_message(
    kind: str, language: Language, order: OrderState, back: Fill | None = None, again: Fill | None = None
) -> Message:
    """What became of an order; ``back`` takes a fill back, and ``again`` is what that was."""
    facts = {
        **(_taken_back(back) if back else {}),
        **(
            {"corrected": money.text(again.quantity, again.quantity_scale), "corrected_at": _price(again)}
            if again
            else {}
        ),
        "side": SIDES[language][order.side],
        "symbol": order.symbol,
        "currency": order.currency,
        "quantity": money.text(order.quantity, order.quantity_scale),
        "filled": money.text(order.filled, order.quantity_scale),
        "price": average_price(order) or "-",
        "fees": money.text(order.fees, money.CURRENCY_SCALES[order.currency]),
        "reason": reason_of(order.reason or "", language),
    }
    return plain_message(order.account_id, kind, language, facts)


def _taken_back(back: Fill) -> dict[str, str]:
    quantity = money.text(-back.quantity, back.quantity_scale)
    when = "-" if back.traded is None else f"{rfc3339(back.traded)[:SECONDS].replace('T', ' ')} UTC"
    return {"traded": quantity, "at": _price(back), "when": when}


def _price(fill: Fill) -> str:
    return money.text(fill.price, fill.price_scale)


def reason_of(code: str, language: Language) -> str:
    """A reason's code in words."""
    return REASONS[language].get(code, code.replace("_", " ") or "-")
