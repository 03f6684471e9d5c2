"""Traces in short, as the parts' log lines tell them: one is all the lines that bear its id, moments included."""

from collections import defaultdict
from collections.abc import Container, Iterable, Sequence
from typing import Any

from tradectl.stack.logs import LEVELS, Line

ID = "trace_id"


def told(lines: Iterable[Line], wanted: Container[str] | None = None) -> list[dict[str, Any]]:
    """Each trace, or those wanted, in the order in which they began; times are RFC 3339, empty where no line has one.

    ``services`` that it went through, ``events`` that they told, ``orders`` that it was about, the gravest ``level``
    and how many ``lines``.
    """
    of: dict[str, list[Line]] = defaultdict(list)
    for line in lines:
        if (trace := str(line.get(ID) or "")) and (wanted is None or trace in wanted):
            of[trace].append(line)
    return [{"id": trace, **_summary(lines_of)} for trace, lines_of in of.items()]


def last(lines: Iterable[Line], most: int) -> set[str]:
    """The traces that were told of last, and of those with a line graver than a notice the last, too; so many each."""
    grave: dict[str, bool] = {}
    for line in lines:
        if trace := str(line.get(ID) or ""):
            grave[trace] = grave.pop(trace, False) or gravity(str(line.get("level", "info"))) > NOTICE
    return {*list(grave)[-most:], *[trace for trace, is_grave in grave.items() if is_grave][-most:]}


def _summary(lines: Sequence[Line]) -> dict[str, Any]:
    times = [str(line["time"]) for line in lines if "time" in line]
    return {
        "began": min(times, default=""),
        "ended": max(times, default=""),
        "services": distinct(line.get("service") for line in lines),
        "events": distinct(line.get("event") for line in lines),
        "orders": distinct(line.get("order_id") for line in lines),
        "level": max((str(line.get("level", "info")) for line in lines), key=gravity),
        "lines": len(lines),
    }


def distinct(values: Iterable[object]) -> list[str]:
    """Each value once, in the order in which they came; nothing is none."""
    return list(dict.fromkeys(str(value) for value in values if value not in (None, "")))


def gravity(level: str) -> int:
    """An unknown level is as grave as any."""
    return LEVELS.index(level) if level in LEVELS else len(LEVELS)


NOTICE = gravity("info")
