"""JMESPath with sums of decimals, parts of texts and codes of authenticators, which it lacks."""

import hmac
import re
import time
from base64 import b32decode
from decimal import Decimal, InvalidOperation
from typing import Any

import jmespath
from jmespath import functions
from jmespath.exceptions import JMESPathError
from jmespath.parser import ParsedResult

ROOTED = {"subexpression", "index_expression", "projection", "value_projection", "filter_projection", "flatten", "pipe"}
"""Nodes whose first child alone looks at what they are given."""


def decimal(value: object) -> Decimal | None:
    """The value as a number, where it is one or is written as one."""
    if isinstance(value, bool) or not isinstance(value, int | float | str | Decimal):
        return None
    try:
        found = Decimal(str(value))
    except InvalidOperation:
        return None
    return found if found.is_finite() else None


def plain(number: Decimal) -> str:
    """Without an exponent."""
    return format(number, "f")


class Functions(functions.Functions):
    """Numbers are taken as decimals, written as text or not; results are decimal text."""

    @functions.signature({"types": ["string", "number"]}, {"types": ["string", "number"]})
    def _func_plus(self, one: Any, other: Any) -> str:
        return plain(_number(one) + _number(other))

    @functions.signature({"types": ["string", "number"]}, {"types": ["string", "number"]})
    def _func_minus(self, one: Any, other: Any) -> str:
        return plain(_number(one) - _number(other))

    @functions.signature({"types": ["string", "number"]}, {"types": ["string", "number"]})
    def _func_times(self, one: Any, other: Any) -> str:
        return plain(_number(one) * _number(other))

    @functions.signature({"types": ["array"]})
    def _func_total(self, items: list[Any]) -> str:
        return plain(sum(map(_number, items), Decimal(0)))

    @functions.signature({"types": ["string"]}, {"types": ["string"]})
    def _func_part(self, text: str, pattern: str) -> str | None:
        """The first group of a regular expression in a text; nothing where it does not match."""
        try:
            match = re.search(pattern, text)
            return None if match is None else match.group(1)
        except (re.error, IndexError) as error:
            raise ValueError(f"{pattern!r} has no group to take: {error}") from error

    @functions.signature({"types": ["string"]}, {"types": ["string", "number"]})
    def _func_totp(self, secret: str, ahead: Any) -> str:
        """The code that an authenticator with this secret shows now, or so many half-minutes later (RFC 6238)."""
        step = int(time.time()) // 30 + int(_number(ahead))
        mac = hmac.digest(b32decode(secret), step.to_bytes(8), "sha1")
        number = int.from_bytes(mac[(at := mac[-1] & 15) : at + 4]) % 2**31
        return f"{number % 10**6:06}"


def _number(value: object) -> Decimal:
    found = decimal(value)
    if found is None:
        raise ValueError(f"{value!r} is no number")
    return found


OPTIONS = jmespath.Options(custom_functions=Functions())


class BadExpression(ValueError):
    """It is no JMESPath, or cannot be answered here."""


def compiled(expression: str) -> ParsedResult:
    """BadExpression when it is none."""
    try:
        return jmespath.compile(expression)
    except JMESPathError as error:
        said = " ".join(str(error).split("\n")[0].split())
        raise BadExpression(f"{expression!r} is no JMESPath: {said}") from error


def found(expression: str, content: object) -> Any:
    """What the expression finds in the content; None where there is nothing."""
    try:
        return compiled(expression).search(content, options=OPTIONS)
    except (JMESPathError, ValueError) as error:
        raise BadExpression(f"{expression!r}: {' '.join(str(error).split())}") from error


def roots(expression: str) -> set[str]:
    """The names that it takes of what it is given: those that must be known."""
    return _roots(compiled(expression).parsed)


def _roots(node: Any) -> set[str]:
    kind, children = node["type"], node["children"]
    if kind == "field":
        return {str(node["value"])}
    if kind == "expref":
        return set()
    looked = children[:1] if kind in ROOTED else children
    return set().union(*(_roots(child) for child in looked if isinstance(child, dict)))
