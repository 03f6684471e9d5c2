"""A scenario as YAML: a step a line, in the words that the guide uses."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import quote

import yaml

from tradectl.scenario.recording.names import Names


@dataclass(eq=False)
class Written:
    """A step to be; ``name`` is what its result goes by, where a later step names it."""

    action: str
    body: dict[str, Any]
    name: str = ""
    within: int | None = None
    plain: dict[str, Any] = field(default_factory=dict)
    """The same as a `call`, where it may have to be one."""


def text(document: Mapping[str, Any], steps: Sequence[Written], names: Names, comments: Iterable[str]) -> str:
    """The whole file; ``document`` is all but the steps."""
    head = [f"# {each}" for each in comments]
    body = [f"{name}: {flow(value)}" for name, value in document.items() if name != "actors"]
    actors = [f"  {name}: {flow(terms)}" for name, terms in document["actors"].items()]
    return (
        "\n".join(
            [*head, *body, "actors:", *actors, "steps:", *(line for each in steps for line in lines(each, names))]
        )
        + "\n"
    )


def lines(step: Written, names: Names) -> list[str]:
    """The action, then what is kept of it."""
    used = names.used.get(step.name, set()) if step.name else set()
    action, body = looked(step, used)
    found = [f"  - {action}: {flow(body)}"]
    if used:
        found.append(f"    as: {step.name}")
    if step.within is not None:
        found.append(f"    within: {step.within}")
    return found


def looked(step: Written, used: Iterable[str]) -> tuple[str, dict[str, Any]]:
    """A page of which something is named later is waited for until that is there."""
    if step.action != "call" or "get" not in step.body or not used or "status" in step.body:
        return step.action, step.body
    query = "&".join(f"{name}={quote(value, safe='${}.[]')}" for name, value in step.body.get("query", {}).items())
    page = f"{step.body['get']}?{query}" if query else step.body["get"]
    checks = {way: {"exists": True} for way in sorted(used) if way}
    return "expect", {"page": page, "actor": step.body["actor"], "is": checks}


def flow(value: Any) -> str:
    """On one line."""
    dumped = yaml.safe_dump(value, default_flow_style=True, width=float("inf"), allow_unicode=True, sort_keys=False)
    return str(dumped).removesuffix("...\n").strip()
