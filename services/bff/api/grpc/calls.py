"""Which request of the HTTP door each call is, and how the answer looks as a message."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any
from urllib.parse import quote, urlencode

import msgspec
from google.protobuf.json_format import MessageToDict, ParseDict
from google.protobuf.message import Message

from services.bff.api.grpc import trading_pb2 as pb
from services.contracts.door import PREFIX

Fields = dict[str, Any]


@dataclass(frozen=True)
class Call:
    """``path`` is behind the prefix, with ``{id}`` where a field of the request goes.

    Of a read the other fields are the query, of a write they are the body; fields that were not set are in neither.
    """

    method: str
    path: str
    request: type[Message]
    answer: type[Message]
    shape: Callable[[Fields], Fields] = dict
    """The answer's fields as the message has them."""

    def asked(self, request: Message) -> tuple[str, bytes]:
        """Target and body of the request."""
        fields: Fields = MessageToDict(request, preserving_proto_field_name=True)
        named = [name for name in ("id", "symbol") if f"{{{name}}}" in self.path]
        taken = {name: quote(str(fields.pop(name, "")), safe="") for name in named}
        target = f"{PREFIX}{self.path.format(**taken)}"
        if self.method in {"POST", "PATCH"}:
            return target, msgspec.json.encode(fields)
        if "symbols" in fields:
            fields["symbols"] = ",".join(fields["symbols"])
        query = urlencode(fields, doseq=True)
        return f"{target}?{query}" if query else target, b""

    def answered(self, body: bytes) -> Message:
        """The message that a success's body stands for; what is new there is left out."""
        return ParseDict(self.shape(msgspec.json.decode(body)), self.answer(), ignore_unknown_fields=True)


def _levels(book: Fields) -> Fields:
    """Pairs as messages."""
    sides = {side: [{"price": price, "quantity": size} for price, size in book[side]] for side in ("bids", "asks")}
    return {**book, **sides}


def calls() -> Iterator[tuple[str, Call]]:
    """All of them, by name."""
    yield "GetInstruments", Call("GET", "/instruments", pb.GetInstrumentsRequest, pb.Instruments)
    yield "GetQuotes", Call("GET", "/quotes", pb.GetQuotesRequest, pb.Quotes)
    yield "GetBook", Call("GET", "/book/{symbol}", pb.GetBookRequest, pb.Book, _levels)
    yield "GetOrders", Call("GET", "/orders", pb.GetOrdersRequest, pb.Orders)
    yield "GetOrder", Call("GET", "/orders/{id}", pb.GetOrderRequest, pb.Order)
    yield "GetPortfolio", Call("GET", "/portfolio", pb.GetPortfolioRequest, pb.Portfolio)
    yield "PlaceOrder", Call("POST", "/orders", pb.PlaceOrderRequest, pb.Order)
    yield "CancelOrder", Call("DELETE", "/orders/{id}", pb.CancelOrderRequest, pb.Order)
    yield "ReplaceOrder", Call("PATCH", "/orders/{id}", pb.ReplaceOrderRequest, pb.Order)
