"""How failures are told: the line of the test, what was otherwise, what to do next, and what happened before."""

import shlex
from collections.abc import Callable, Sequence
from functools import wraps
from typing import ParamSpec, TypeVar

from pydantic import ValidationError

from tradectl.errors import TradectlError
from tradectl.scenario.failures import Broke
from tradectl.scenario.stage import Stage
from tradectl.scenario.timeline import lives, orders_of, timeline
from tradectl.trader.failures import Failed

P = ParamSpec("P")
R = TypeVar("R")
LOOK = "look"
"""The sandbox in which a test is run again."""


def told(method: Callable[P, R]) -> Callable[P, R]:
    """The method, whose failures point at the line that called it and name the next step."""

    @wraps(method)
    def call(*arguments: P.args, **named: P.kwargs) -> R:
        __tracebackhide__ = True  # pytest shows no line of this
        try:
            return method(*arguments, **named)
        except (Failed, Broke, TradectlError) as error:
            raise with_hint(error).with_traceback(None) from None
        except ValidationError as error:  # words that no step knows
            said = "; ".join(f"{'.'.join(map(str, each['loc']))}: {each['msg']}" for each in error.errors())
            raise Failed(said) from None

    return call


def with_hint(error: Exception) -> Exception:
    """The error with its hint where pytest prints it, once."""
    hint = f"mend: {error.hint}" if isinstance(error, TradectlError) and error.hint else ""
    if hint and hint not in getattr(error, "__notes__", ()):
        error.add_note(hint)
    return error


def sections(when: str, stage: Stage | None, next_steps: Sequence[str]) -> list[tuple[str, str]]:
    """Titles and texts for the report of a test that failed; ``when`` is setup, call or teardown."""
    found: list[tuple[str, Sequence[str]]] = []
    if stage is not None and when == "call":
        orders = orders_of(stage)
        found += [("tradectl: orders", lives(orders)), ("tradectl: timeline, wall time", timeline(stage, orders))]
    found.append(("tradectl: next", next_steps))
    return [(title, "\n".join(lines)) for title, lines in found if lines]


def next_of(test: str, name: str | None, options: Sequence[str]) -> list[str]:
    """How to look into it: in the sandbox of this name, or else by running the test again in one that stays up."""
    look = name or LOOK
    looking = f"tradectl logs --name {look} --level warning    # and ps, audit, export"
    if name is not None:
        return [looking]
    again = shlex.join(["pytest", test, "--tradectl-sandbox", LOOK])
    return [shlex.join(["tradectl", "up", "--name", LOOK, *options]), again, looking, f"tradectl down --name {LOOK}"]
