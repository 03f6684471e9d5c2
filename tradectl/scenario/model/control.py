"""Steps that need the machine: the market's clock, the processes, the sandbox's state."""

from typing import Annotated, Any, Literal

from pydantic import Field, model_validator

from tradectl.scenario.model.looking import exactly_one
from tradectl.scenario.model.orders import Order
from tradectl.scenario.model.words import Amount, Code, Number, Part, Who


class Clock(Part):
    """What the market's clock does from now on; ``step`` and ``seek`` go through what lies between, and stand there."""

    speed: Annotated[Number | None, Field(gt=0, le=1_000_000)] = None
    pause: Literal[True] | None = None
    live: Literal[True] | None = None
    step: Annotated[str | None, Field(description="so far: 90s, 5m, 1h30m")] = None
    seek: Annotated[str | None, Field(description="to there: RFC 3339, or HH:MM of the market's day")] = None

    @model_validator(mode="after")
    def _one_thing(self) -> "Clock":
        exactly_one(self, ("speed", "pause", "live", "step", "seek"))
        return self


class Restart(Part):
    """End the process of a part and wait until it is ready again; on embedded that is everything."""

    part: str
    kill: Annotated[bool, Field(description="by SIGKILL, and not by asking")] = False


class Snapshot(Part):
    """Keep all that the sandbox holds, or put it back; what was saved is gone with the run."""

    save: str | None = None
    load: str | None = None

    @model_validator(mode="after")
    def _one_thing(self) -> "Snapshot":
        exactly_one(self, ("save", "load"))
        return self


class Fault(Part):
    """Break something on purpose, for a while; services/contracts/faults/table.py lists what can be broken."""

    add: Annotated[str, Field(description="the kind: provider.gap, fix.disconnect, …")]
    for_: Annotated[str, Field(alias="for", description="how long: 500ms, 10s, 2m")] = "30s"
    with_: dict[str, Any] = Field(default_factory=dict, alias="with", description="percent: 10, ms: 300, symbol: AAPL")


class Clear(Part):
    """End a fault before its time; every one without a name."""

    fault: Annotated[str | None, Field(description="the name that it was saved under")] = None


class Bust(Part):
    """Have the broker's operator take a trade back."""

    actor: Who = None
    order: Order
    fill: Annotated[int, Field(description="which of the fills that stand, from 0; the last one without")] = -1
    refused: Code = None


class Correct(Bust):
    """Have him correct it: not more than was traded, and what is left out stays."""

    quantity: Amount | None = None
    price: Amount | None = None


class Custom(Part):
    """A step of your own, from the entry point group `tradectl.steps`."""

    step: str
    actor: Who = None
    with_: dict[str, Any] = Field(default_factory=dict, alias="with")
