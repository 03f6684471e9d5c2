"""A step that puts the sandbox under load."""

from typing import Annotated

from pydantic import AfterValidator, Field

from tradectl.errors import TradectlError
from tradectl.fault.duration import seconds
from tradectl.load.scenarios import known
from tradectl.load.shapes import SHAPES
from tradectl.load.thresholds import parse
from tradectl.scenario.model.words import TEMPLATE, Number, Part, one_of

LONGEST = 300.0
"""Seconds: a scenario is no soak."""


def _checked(text: str, check: object) -> str:
    """ValueError where the check raises TradectlError; a template is checked when it is filled."""
    if TEMPLATE not in text and callable(check):
        try:
            check(text)
        except TradectlError as error:
            raise ValueError(error.message) from error
    return text


def _short(text: str) -> None:
    if seconds(text) > LONGEST:
        raise TradectlError(f"{text} is too long for a scenario: {LONGEST:g} s at most; `make soak` is for more")


Threshold = Annotated[str, AfterValidator(lambda text: _checked(text, parse))]


class Load(Part):
    """A short load, by a profile of `tradectl load list`; fails when a threshold does not hold."""

    profile: Annotated[str, AfterValidator(lambda text: _checked(text, known))] = "mixed"
    rate: Annotated[Number, Field(gt=0, le=1_000, description="requests a second, of all users together")] = 10.0
    for_: Annotated[str, AfterValidator(lambda text: _checked(text, _short))] = Field(
        "5s", alias="for", description="how long: 5s, 1m"
    )
    users: Annotated[int, Field(ge=1, le=200, description="each with an account and a connection")] = 4
    shape: one_of(*SHAPES) = "steady"  # type: ignore[valid-type]
    seed: Annotated[int, Field(ge=0, description="of the schedule and of what users do")] = 1
    thresholds: Annotated[
        list[Threshold], Field(min_length=1, description="p99(order)<200ms, errors<1%, rate(order)>=5/s")
    ]
