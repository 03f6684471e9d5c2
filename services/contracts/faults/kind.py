"""What a kind of fault is: the part that suffers it, and how it is graded."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal

from services.contracts.faults.fault import Value

Home = Literal["part", "supervisor", "keeper"]
"""Who ends it in time, whatever becomes of the tool: the part itself, its supervisor, or a process of its own."""


class UnfitError(ValueError):
    """A parameter that the kind does not have, or a value outside of its range."""


@dataclass(frozen=True, slots=True)
class Parameter:
    """A number within a range, in a unit; or a text, which then has neither. Without a default it must be given."""

    name: str
    unit: str
    default: Value | None
    least: float = 0.0
    most: float = 0.0

    @property
    def is_text(self) -> bool:
        return not self.unit

    def fitting(self, value: object) -> Value:
        """The value as it goes over the wire; UnfitError for one that is none."""
        if self.is_text:
            return str(value)
        try:
            number = float(str(value))
        except ValueError:
            raise UnfitError(f"{self.name} {value} is no number of {self.unit}") from None
        if not self.least <= number <= self.most:
            raise UnfitError(f"{self.name} {number:g} is not within {self.least:g} to {self.most:g} {self.unit}")
        return number


@dataclass(frozen=True, slots=True)
class Kind:
    """``part`` is who suffers it: a simulator, ``service`` for any service, ``network``, or a server."""

    name: str
    part: str
    does: str
    parameters: tuple[Parameter, ...] = ()
    home: Home = "part"
    backends: tuple[str, ...] = ()
    """Those that can do it; none where each can."""

    def fitting(self, given: Mapping[str, object]) -> dict[str, Value]:
        """Every parameter with its value or default; UnfitError names what does not fit."""
        known = {parameter.name for parameter in self.parameters}
        if unknown := given.keys() - known:
            raise UnfitError(
                f"{self.name} has no parameter {min(unknown)}; it has {', '.join(sorted(known)) or 'none'}"
            )
        found = {}
        for parameter in self.parameters:
            value = given.get(parameter.name, parameter.default)
            if value is None:
                raise UnfitError(f"{self.name} needs {parameter.name}")
            found[parameter.name] = parameter.fitting(value)
        return found
