"""Paths of one order: an id of ours and nothing else, so that /orders/preview is no order."""

from starlette.convertors import Convertor, register_url_convertor

from services.contracts.ids import ALPHABET, LENGTH


class OrderId(Convertor[str]):
    """A ULID."""

    regex = f"[{ALPHABET}]{{{LENGTH}}}"

    def convert(self, value: str) -> str:
        return value

    def to_string(self, value: str) -> str:
        return value


register_url_convertor("order_id", OrderId())
ORDER = "/{order_id:order_id}"
