"""Steps that look: what must be there, and until when."""

from typing import Annotated, Any, Literal

from pydantic import Field, model_validator

from tradectl.scenario.model.orders import Order
from tradectl.scenario.model.words import Amount, Checks, Number, Part, Who

Headers = dict[str, str]


class Condition(Part):
    """One thing that is looked at, and what must be found there.

    Of a list (those in LISTS), one item for which all of ``is`` holds is enough, or as many as ``count`` says.
    """

    order: Order | None = None
    orders: Annotated[str | None, Field(description="the actor's orders of this symbol, or `all`")] = None
    position: Annotated[str | None, Field(description="of this symbol")] = None
    cash: Annotated[str | None, Field(description="of this currency")] = None
    quote: Annotated[str | None, Field(description="of this symbol")] = None
    page: Annotated[str | None, Field(description="any page of the BFF, behind /api/v1")] = None
    mail: Annotated[str | None, Field(description="to this actor or address")] = None
    push: Annotated[str | None, Field(description="to this actor's browsers")] = None
    notification: Annotated[str | None, Field(description="of this kind, or `any`")] = None
    signal: Annotated[str | None, Field(description="of this symbol, or `any`")] = None
    trade: Annotated[str | None, Field(description="the actor's, in this symbol")] = None
    message: Annotated[str | None, Field(description="of this channel of the WebSocket")] = None
    audit: Literal["clean"] | None = None
    books: Annotated[str | None, Field(description="this actor's portfolio follows from deposits and fills")] = None
    digest: Annotated[
        str | None, Field(description="that of the sandbox: `any`, the name that one was saved under, or its 64 digits")
    ] = None
    metric: Annotated[str | None, Field(description="samples of this name on the /metrics page of `part`")] = None
    trace: Annotated[
        str | None, Field(description="of an order, by the name that it was saved under or its id; or a trace's id")
    ] = None
    actor: Who = None
    part: Annotated[str | None, Field(description="the service whose metric it is")] = None
    labels: dict[str, str] = Field(default_factory=dict, description="those that the metric's samples must have")
    is_: Checks = Field(default_factory=dict, alias="is")
    count: Annotated[Amount | None, Field(description="as many items as this")] = None

    @model_validator(mode="after")
    def _one_thing(self) -> "Condition":
        exactly_one(self, LOOKED_AT)
        if self.count is not None and not set(LISTS) & self.model_fields_set:
            raise ValueError(f"count is for {', '.join(LISTS)}")
        if self.metric is None and {"part", "labels"} & self.model_fields_set:
            raise ValueError("part and labels are those of a metric")
        if self.metric is not None and self.part is None:
            raise ValueError("a metric is that of a part, and none is named: part: bff")
        return self


LOOKED_AT = (
    "order", "orders", "position", "cash", "quote", "page", "mail", "push", "notification", "signal", "trade",
    "message", "audit", "books", "digest", "metric", "trace",
)  # fmt: skip
LISTS = ("mail", "push", "notification", "signal", "trade", "message", "orders", "metric", "trace")


class Wait(Part):
    """Go on when something is so: a condition, market time, or that nothing is under way."""

    until: Condition | None = None
    market: Annotated[str | None, Field(description="market time, RFC 3339, or HH:MM of the sandbox's day")] = None
    settled: Literal[True] | None = None
    pause: Annotated[
        Literal[True] | None, Field(description="with until: market time stands from then on, and it is still so")
    ] = None

    @model_validator(mode="after")
    def _one_thing(self) -> "Wait":
        exactly_one(self, ("until", "market", "settled"))
        if self.pause and self.until is None:
            raise ValueError("pause goes with until")
        return self


class Call(Part):
    """Any route of the BFF, by its method and path, with checks on what it answers."""

    actor: Annotated[str | None, Field(description="which actor; `nobody` sends no token")] = None
    get: str | None = None
    post: str | None = None
    put: str | None = None
    patch: str | None = None
    delete: str | None = None
    query: dict[str, Any] = Field(default_factory=dict)
    body: Any = None
    raw: Annotated[str | None, Field(description="a body that is sent as it stands")] = None
    headers: Headers = Field(default_factory=dict)
    status: Annotated[int | list[int] | None, Field(description="any success without")] = None
    is_: Checks = Field(default_factory=dict, alias="is")
    answers: dict[str, Any] = Field(default_factory=dict, description="response header: what it must be")
    faster_than: Annotated[Number | None, Field(gt=0, description="milliseconds")] = None

    @model_validator(mode="after")
    def _one_method(self) -> "Call":
        exactly_one(self, METHODS)
        return self

    @property
    def target(self) -> tuple[str, str]:
        """Method and path."""
        return next((method.upper(), path) for method in METHODS if (path := getattr(self, method)) is not None)


METHODS = ("get", "post", "put", "patch", "delete")


def exactly_one(part: Part, names: tuple[str, ...]) -> str:
    """Which of the fields is there; ValueError unless it is one."""
    given = [name for name in names if name in part.model_fields_set]
    if len(given) != 1:
        found = " and ".join(given) if given else "none of them"
        raise ValueError(f"exactly one of {', '.join(names)} must be here, and {found} is")
    return given[0]
