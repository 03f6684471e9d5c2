"""Orders of a recording: what was asked, and what became of it."""

from dataclasses import dataclass
from typing import Any

from tradectl.scenario.recording.heard import Heard
from tradectl.scenario.recording.names import ID, Names
from tradectl.scenario.recording.prices import relative
from tradectl.scenario.recording.written import Written

STANDING = {"new", "filled", "cancelled", "rejected", "expired"}
"""What can be waited for; the others pass by."""
WORDS = {
    "side": {"buy", "sell"},
    "type": {"market", "limit", "stop", "stop_limit"},
    "tif": {"day", "gtc", "ioc", "fok"},
}
PRICES = {"limit_price": "limit", "stop_price": "stop"}
NEEDED = {"client_order_id", "symbol", "side", "type", "quantity"}
USUAL = {"type": "market", "tif": "day"}


@dataclass
class Order:
    """``act`` is the last step about it; ``told`` its last status that stands."""

    name: str
    act: Written
    told: str = ""

    def saw(self, status: str) -> bool:
        """Whether the status is news that no step waits for yet."""
        if status not in STANDING or status == self.told:
            return False
        self.told = status
        if "status" not in self.act.body:
            self.act.body["status"] = status
            return False
        return True


def is_order(heard: Heard) -> bool:
    """Whether a `place` can say it."""
    fields = heard.fields
    known = NEEDED | PRICES.keys() | {"tif"}
    texts = all(isinstance(value, str) for name, value in fields.items() if value is not None or name not in PRICES)
    words = all(fields[name] in words for name, words in WORDS.items() if name in fields)
    return NEEDED <= fields.keys() <= known and texts and words


def placed(heard: Heard, who: str, names: Names) -> dict[str, Any]:
    """The words of a `place`; a client_order_id stands there when somebody chose it, or named it before."""
    fields = heard.fields
    words = {"actor": who, **{name: fields[name] for name in ("symbol", "side")}}
    words |= {name: fields[name] for name, usual in USUAL.items() if fields.get(name, usual) != usual}
    words |= {"quantity": fields["quantity"], **prices(heard)}
    chosen = fields["client_order_id"]
    if chosen in names.templates or not ID.fullmatch(chosen):
        words["id"] = names.filled(chosen)
    return words | refused(heard)


def replaced(heard: Heard, who: str, order: str) -> dict[str, Any]:
    """The words of a `replace`."""
    quantity = {"quantity": heard.fields["quantity"]} if heard.fields.get("quantity") is not None else {}
    return {"actor": who, "order": order, **quantity, **prices(heard), **refused(heard)}


def is_edit(heard: Heard) -> bool:
    """Whether a `replace` can say it."""
    return (
        bool(heard.fields)
        and heard.fields.keys() <= {"quantity", *PRICES}
        and all(value is None or isinstance(value, str) for value in heard.fields.values())
    )


def prices(heard: Heard) -> dict[str, str]:
    """By the market; those of a refused order as they were, for they may be why."""
    quote = heard.quote if heard.done else None
    given = {word: heard.fields.get(name) for name, word in PRICES.items()}
    return {word: relative(price, quote) for word, price in given.items() if price is not None}


def refused(heard: Heard) -> dict[str, str]:
    return {} if heard.done else {"refused": heard.code}
