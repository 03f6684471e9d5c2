"""``${…}``: JMESPath over what is known so far."""

import re
from collections.abc import Iterator, Mapping
from typing import Any

from tradectl.scenario.jmes import BadExpression, compiled, found

HOLE = re.compile(r"\$\{([^{}]*)\}")


def filled(value: Any, known: Mapping[str, Any]) -> Any:
    """The value with every hole filled; a text that is one hole becomes what is found, whatever its kind.

    BadExpression when a hole finds nothing: a step must not go on with a word that is missing.
    """
    if isinstance(value, str):
        return _text(value, known)
    if isinstance(value, list):
        return [filled(each, known) for each in value]
    if isinstance(value, dict):
        return {filled(name, known): filled(each, known) for name, each in value.items()}
    return value


def _text(text: str, known: Mapping[str, Any]) -> Any:
    whole = HOLE.fullmatch(text)
    if whole:
        return _value(whole[1], known)
    return HOLE.sub(lambda hole: str(_value(hole[1], known)), text)


def _value(expression: str, known: Mapping[str, Any]) -> Any:
    value = found(expression, known)
    if value is None:
        raise BadExpression(f"${{{expression}}} finds nothing among {', '.join(sorted(known))}")
    return value


def holes(value: Any) -> Iterator[str]:
    """The expressions in it, each of them JMESPath; BadExpression for one that is none."""
    if isinstance(value, str):
        for hole in HOLE.finditer(value):
            compiled(hole[1])
            yield hole[1]
        if "${" in HOLE.sub("", value):
            raise BadExpression(f"a template does not end: {value!r}")
    elif isinstance(value, list):
        for each in value:
            yield from holes(each)
    elif isinstance(value, dict):
        for name, each in value.items():
            yield from holes(name)
            yield from holes(each)
