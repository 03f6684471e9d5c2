"""Whether what was found is what was expected; numbers are compared as decimals, however they are written."""

import re
from collections.abc import Callable, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from typing import Any

from tradectl.scenario.jmes import BadExpression, decimal, found

Test = Callable[[Any, Any], bool]


@dataclass(frozen=True)
class Mismatch:
    """One check that does not hold; ``there`` are the names that are, where nothing goes by this one."""

    what: str
    expected: Any
    found: Any
    there: tuple[str, ...] = ()

    def __str__(self) -> str:
        return f"{self.what}: expected {shown(self.expected)}, found {found_or_meant(self.found, self.there)}"


def mismatches(checks: Mapping[str, Any], content: Any) -> list[Mismatch]:
    """The checks that do not hold of the content."""
    looked = [(what, expected, found(what, content)) for what, expected in checks.items()]
    return [
        Mismatch(what, expected, seen, names_beside(what, content) if seen is None else ())
        for what, expected, seen in looked
        if not agrees(expected, seen)
    ]


def names_beside(what: str, content: Any) -> tuple[str, ...]:
    """What the object has of which ``what`` names the last step of the way; of the whole where that is none."""
    holder = content
    with suppress(BadExpression):
        holder = found(what.rpartition(".")[0] or "@", content)
    holder = holder if isinstance(holder, dict) else content
    return tuple(map(str, holder)) if isinstance(holder, dict) else ()


def agrees(expected: Any, seen: Any) -> bool:
    """Equal, or as every operator of a mapping such as ``{ge: 1, lt: 5}`` says."""
    if is_test(expected):
        return all(TESTS[name](argument, seen) for name, argument in expected.items())
    if isinstance(expected, list):
        return isinstance(seen, list) and len(seen) == len(expected) and all(map(agrees, expected, seen))
    if isinstance(expected, dict):
        return isinstance(seen, dict) and all(name in seen and agrees(of, seen[name]) for name, of in expected.items())
    return same(expected, seen)


def is_test(expected: Any) -> bool:
    """Whether this is a mapping of operators."""
    return isinstance(expected, dict) and bool(expected) and expected.keys() <= TESTS.keys()


def same(expected: Any, seen: Any) -> bool:
    """Equal; two numbers by their values."""
    one, other = decimal(expected), decimal(seen)
    if one is not None and other is not None:
        return one == other
    return type(expected) is type(seen) and bool(expected == seen)


def ordered(test: Callable[[Any, Any], bool]) -> Test:
    """Both are numbers, else both are texts (times, for example)."""

    def compare(argument: Any, seen: Any) -> bool:
        one, other = decimal(argument), decimal(seen)
        if one is not None and other is not None:
            return test(other, one)
        return isinstance(argument, str) and isinstance(seen, str) and test(seen, argument)

    return compare


def contains(argument: Any, seen: Any) -> bool:
    if isinstance(seen, str):
        return str(argument) in seen
    if isinstance(seen, list):
        return any(agrees(argument, each) for each in seen)
    return isinstance(seen, dict) and argument in seen


TESTS: Mapping[str, Test] = {
    "eq": agrees,
    "not": lambda argument, seen: not agrees(argument, seen),
    "gt": ordered(lambda seen, argument: seen > argument),
    "ge": ordered(lambda seen, argument: seen >= argument),
    "lt": ordered(lambda seen, argument: seen < argument),
    "le": ordered(lambda seen, argument: seen <= argument),
    "in": lambda argument, seen: any(agrees(each, seen) for each in argument),
    "contains": contains,
    "matches": lambda argument, seen: isinstance(seen, str) and re.search(argument, seen) is not None,
    "exists": lambda argument, seen: (seen is not None) is argument,
}
"""By their names in a file: argument, then what was seen."""


def shown(value: Any) -> str:
    """A value in a sentence, not too long."""
    if is_test(value):
        return " and ".join(f"{name} {shown(argument)}" for name, argument in value.items())
    text = "nothing" if value is None else repr(value)
    return text if len(text) <= MOST else f"{text[:MOST]}…"


def found_or_meant(value: Any, there: Sequence[str]) -> str:
    """What was found; where that is nothing, what might have been meant."""
    return f"{shown(value)}; there are {', '.join(there)}" if there else shown(value)


MOST = 300
"""Characters of a value that are shown."""
