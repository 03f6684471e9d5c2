"""The file itself: an intent, what it needs, who acts, the steps."""

from typing import Annotated, Any, Literal

from pydantic import BeforeValidator, Field

from tradectl.scenario.model.step import Step
from tradectl.scenario.model.words import Amount, Part, as_text

Role = Literal["trader", "moderator", "support", "admin"]


class Actor(Part):
    """A user of the scenario's own, registered, verified, logged in and funded before the first step.

    Against a target, and for a user who is there already, ``email`` and ``password`` say who it is.
    """

    deposit: dict[str, Amount] = Field(default_factory=dict, description="asset: amount")
    language: Literal["en", "ru"] = "en"
    display_name: str | None = None
    roles: list[Role] = Field(default_factory=list, description="given by the sandbox's admin")
    enter: Annotated[bool, Field(description="false: the steps register and log in")] = True
    email: str | None = None
    password: Annotated[str | None, Field(description="a template such as ${env.ANN_PASSWORD}, never itself")] = None
    staff: Annotated[bool, Field(description="the sandbox's own first admin")] = False


class Needs(Part):
    """What the sandbox must be like."""

    backend: Annotated[list[Literal["embedded", "containers", "external"]], Field(min_length=1)] | None = None
    own: Annotated[bool, Field(description="nobody else in the same sandbox")] = False
    settings: dict[str, Annotated[str, BeforeValidator(as_text)]] = Field(
        default_factory=dict, description="orders.max_open: 1; see settings.py"
    )


class Scenario(Part):
    """An intent in a sentence, and how it is proved."""

    scenario: Annotated[str, Field(min_length=10, max_length=300, description="what should be so, in a sentence")]
    tags: list[str] = Field(default_factory=list)
    seed: Annotated[int | None, Field(ge=0)] = None
    feed: Annotated[str | None, Field(description="a recording, relative to this file")] = None
    at: Annotated[str | None, Field(description="market time of the start, RFC 3339")] = None
    at_end: Literal["loop", "halt", "agents"] | None = None
    speed: Annotated[str | None, BeforeValidator(as_text)] = None
    held: Annotated[bool, Field(description="market time waits for what it caused: every run is the same")] = False
    needs: Needs = Needs()
    actors: Annotated[dict[str, Actor], Field(min_length=1)]
    let: dict[str, Any] = Field(default_factory=dict, description="names for values, to be used by ${name}")
    steps: Annotated[list[Step], Field(min_length=1)]
