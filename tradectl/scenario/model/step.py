"""A step: one thing that is done or looked at, and what is kept of it."""

from typing import Annotated, Any

from pydantic import ConfigDict, Field, model_validator

from tradectl.scenario.model import control, loading, looking, orders, people
from tradectl.scenario.model.looking import exactly_one
from tradectl.scenario.model.words import Number, Part

ACTIONS = (
    "register", "login", "deposit", "withdraw", "subscribe", "disconnect", "browser",
    "place", "cancel", "replace",
    "expect", "wait", "call",
    "clock", "restart", "snapshot", "fault", "clear", "bust", "correct", "load", "custom",
    "parallel", "repeat", "for_each", "include",
)  # fmt: skip
NESTED = ("parallel", "repeat", "for_each", "include")
LOCAL = {"clock", "restart", "snapshot", "fault", "clear", "bust", "correct", "load", "register", "browser"}
"""What can be done on this machine alone; a registration, because its code lies in the mail."""
CODED = {"register"}
LOCAL_LOOKS = {"mail", "push", "audit", "digest", "metric", "trace"}
MAILED_LOOKS = {"mail"}
"""With a mail gateway that is named, these and what is ``CODED`` can be done elsewhere, too."""
READ_LOOKS = {"audit", "digest"}
"""With all parts named, these too; market time can then be waited for."""
DISTURBING = {"clock", "fault"}
"""What other scenarios of the same sandbox would notice."""
CHANGING = {"restart", "snapshot", "load"}
"""What leaves another sandbox than there was."""
DISTURBED_LOOKS = {"digest"}
"""What shows the doings of all who share a sandbox."""


def _schema(schema: dict[str, Any]) -> None:
    schema["oneOf"] = [{"required": [action]} for action in ACTIONS]


class Step(Part):
    """Exactly one action; ``as`` keeps its result under a name, ``save`` parts of it."""

    model_config = ConfigDict(json_schema_extra=_schema)

    register_: Annotated[people.Register | None, Field(alias="register")] = None
    login: people.Login | None = None
    deposit: people.Deposit | None = None
    withdraw: people.Withdraw | None = None
    subscribe: people.Subscribe | None = None
    disconnect: people.Disconnect | None = None
    browser: people.Browser | None = None
    place: orders.Place | None = None
    cancel: orders.Cancel | None = None
    replace: orders.Replace | None = None
    expect: looking.Condition | None = None
    wait: looking.Wait | None = None
    call: looking.Call | None = None
    clock: control.Clock | None = None
    restart: control.Restart | None = None
    snapshot: control.Snapshot | None = None
    fault: control.Fault | None = None
    clear: control.Clear | None = None
    bust: control.Bust | None = None
    correct: control.Correct | None = None
    load: loading.Load | None = None
    custom: control.Custom | None = None
    parallel: Annotated[list["Step"], Field(min_length=1, description="side by side")] | None = None
    repeat: "Repeat | None" = None
    for_each: "ForEach | None" = None
    include: Annotated[str, Field(description="steps of another file, relative to this one")] | None = None

    as_: Annotated[str | None, Field(alias="as", pattern=r"^[a-z_][a-z0-9_]*$")] = None
    save: dict[str, str] = Field(default_factory=dict, description="name: JMESPath over the result")
    within: Annotated[Number | None, Field(gt=0, description="seconds for what is waited for")] = None
    note: Annotated[str, Field(description="what this step is for, in the report")] = ""

    @model_validator(mode="after")
    def _one_action(self) -> "Step":
        exactly_one(self, FIELDS)
        return self

    @property
    def action(self) -> str:
        """The name of what is done."""
        return next(name for name, field in zip(ACTIONS, FIELDS, strict=True) if getattr(self, field) is not None)

    @property
    def body(self) -> Any:
        """What the action is told."""
        return getattr(self, FIELDS[ACTIONS.index(self.action)])

    @property
    def conditions(self) -> list[looking.Condition]:
        """What it looks at."""
        waited = self.wait.until if self.wait else None
        return [each for each in (self.expect, waited) if each is not None]


FIELDS = tuple("register_" if action == "register" else action for action in ACTIONS)


class Repeat(Part):
    """The same steps again; ``${round}`` counts from 1."""

    times: Annotated[int, Field(ge=1, le=10_000)]
    steps: Annotated[list[Step], Field(min_length=1)]


class ForEach(Part):
    """The same steps for each item, which goes by ``item`` or the name in ``as``."""

    in_: Annotated[list[Any] | str, Field(alias="in", description="a list, or a template that makes one")]
    as_: Annotated[str, Field(alias="as", pattern=r"^[a-z_][a-z0-9_]*$")] = "item"
    steps: Annotated[list[Step], Field(min_length=1)]


class Steps(Part):
    """What an included file holds."""

    steps: Annotated[list[Step], Field(min_length=1)]


for model in (Step, Repeat, ForEach, Steps):
    model.model_rebuild()
