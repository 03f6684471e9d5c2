"""Which log lines to show, as one types it: `orders level:warning order:01j4 "text that is searched for"`."""

import json
import shlex
from dataclasses import dataclass

from tradectl.errors import ExitCode, TradectlError
from tradectl.fault.duration import seconds
from tradectl.fault.run import DEFAULT_SECONDS
from tradectl.stack.logs import LEVELS, Filter, Line
from tradectl.stack.topology import PARTS

FIELDS = {"order": "order_id", "user": "user_id", "trace": "trace_id"}
SOURCES = (*PARTS, "host", "sim")
HINT = "parts, level:warning, order:ID, user:ID, trace:ID; other words are searched for"


@dataclass(frozen=True)
class Wish:
    """Lines of some parts (all without one) that a filter admits and that hold every word."""

    parts: frozenset[str]
    filter: Filter
    words: tuple[str, ...]

    def admits(self, line: Line) -> bool:
        if self.parts and line.get("service") not in self.parts:
            return False
        if not self.filter.admits(line):
            return False
        if not self.words:
            return True
        text = json.dumps(line, ensure_ascii=False, default=str).lower()
        return all(word in text for word in self.words)


def wish_of(text: str) -> Wish:
    """TradectlError when a level is none."""
    parts, words, fields, level = set(), [], {}, "debug"
    for word in split(text):
        name, found, value = word.partition(":")
        if found and name in FIELDS:
            fields[FIELDS[name]] = value
        elif found and name == "level":
            if value not in LEVELS:
                raise TradectlError(f"{value} is no level", f"one of: {', '.join(LEVELS)}", ExitCode.BAD_INPUT)
            level = value
        elif word in SOURCES:
            parts.add(word)
        else:
            words.append(word.lower())
    return Wish(frozenset(parts), Filter(fields, level), tuple(words))


def split(text: str) -> list[str]:
    """By spaces, quotes hold together; one that is still being typed is none."""
    try:
        return shlex.split(text)
    except ValueError:
        return text.replace('"', " ").replace("'", " ").split()


def fault_of(text: str) -> tuple[str, dict[str, object], float]:
    """`provider.latency ms=300 for=10s`: kind, what grades it, seconds. TradectlError when it lasts too long."""
    kind, *terms = split(text) or [""]
    given = dict(term.partition("=")[::2] for term in terms)
    lasting = seconds(given.pop("for")) if "for" in given else DEFAULT_SECONDS
    return kind, {name: _value(value) for name, value in given.items()}, lasting


def _value(text: str) -> object:
    """A number where it is one."""
    try:
        return float(text)
    except ValueError:
        return text
