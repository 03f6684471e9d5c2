"""A step in some words, for people."""

from typing import Any

from tradectl.scenario.model import Step

SHOWN = 100
"""Characters."""


def title(step: Step) -> str:
    """The note, or the action with its words."""
    if step.note:
        return step.note
    if step.repeat is not None:
        return f"repeat {step.repeat.times} times"
    if step.for_each is not None:
        return f"for each {step.for_each.as_}"
    if step.parallel is not None:
        return f"{len(step.parallel)} steps side by side"
    if step.include is not None:
        return f"include {step.include}"
    words = step.body.model_dump(by_alias=True, exclude_unset=True)
    text = f"{step.action} {', '.join(f'{name}: {_value(value)}' for name, value in words.items())}"
    return text if len(text) <= SHOWN else f"{text[:SHOWN]}…"


def _value(value: Any) -> str:
    if isinstance(value, dict):
        return f"{{{', '.join(f'{name}: {_value(each)}' for name, each in value.items())}}}"
    return f"[{', '.join(map(_value, value))}]" if isinstance(value, list) else str(value)
