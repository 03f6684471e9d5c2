"""What a file names must be there: actors, values saved by earlier steps, expressions, steps of one's own."""

import re
from collections.abc import Iterator, Sequence
from importlib.metadata import entry_points
from typing import Any

from tradectl.scenario.jmes import BadExpression, compiled, roots
from tradectl.scenario.matching import TESTS, is_test
from tradectl.scenario.model import Scenario, Step
from tradectl.scenario.model.step import NESTED
from tradectl.scenario.planned import Planned, walk
from tradectl.scenario.positions import Document, Wrong
from tradectl.scenario.templates import holes
from tradectl.stack.topology import SERVICES

GROUP = "tradectl.steps"
NOBODY = "nobody"
DIGEST = re.compile("[0-9a-f]{64}")
ANY = "any"
SHORTEST_ID = 20
"""Characters: what is shorter is a name."""
GIVEN = {"env", "round", "seed", "day"}
"""Names that are always there: the environment, the round of a repeat, the run's seed, the market's day."""


def check_names(scenario: Scenario, steps: Sequence[Planned], document: Document) -> list[Wrong]:
    """Everything that is named and not there."""
    known = {*GIVEN, *scenario.actors, *scenario.let}
    wrong = [
        document.wrong(("let", name), f"{name} is an actor's name already")
        for name in scenario.let
        if name in scenario.actors
    ]
    for part, value in (("let", scenario.let), ("actors", {k: v.password for k, v in scenario.actors.items()})):
        wrong += [document.wrong((part,), said) for said in unknown(value, {*GIVEN, *scenario.let})]
    for action in ("clock", "load"):
        if scenario.held and any(each.step.action == action for each in walk(steps)):
            wrong.append(document.wrong(("held",), f"a `{action}` step and `held` exclude each other"))
    return [*wrong, *_steps(scenario, steps, known)]


def _steps(scenario: Scenario, steps: Sequence[Planned], known: set[str]) -> Iterator[Wrong]:
    """In their order: a step may use what earlier ones kept."""
    for planned in steps:
        step = planned.step
        yield from (planned.place.wrong(said) for said in _step(scenario, step, known))
        inside = known | ({step.for_each.as_} if step.for_each else set())
        yield from _steps(scenario, planned.inner, inside)
        known |= inside - ({step.for_each.as_} if step.for_each else set())
        known |= {*([step.as_] if step.as_ else []), *step.save}


def _step(scenario: Scenario, step: Step, known: set[str]) -> Iterator[str]:
    for expression in step.save.values():
        yield from _expression(expression)
    if step.action in NESTED:
        if step.for_each:
            yield from unknown(step.for_each.in_, known)
        return
    body = step.body.model_dump(by_alias=True, exclude_unset=True)
    yield from unknown(body, known)
    for role in ("actor", "books", "mail", "push"):
        who = body.get(role)
        if isinstance(who, str) and not _is_there(who, scenario, role):
            yield f"there is no actor {who}"
    for order in orders(body):
        if "${" not in order and order not in known and len(order) < SHORTEST_ID:
            yield f"no order is saved as {order}"
    yield from _looked(scenario, step, known)
    if step.custom and not entry_points(group=GROUP, name=step.custom.step):
        yield f"no package here has a step {step.custom.step} (entry point group {GROUP})"


def orders(body: Any) -> Iterator[str]:
    """Orders that are named, here or in what is waited for."""
    if isinstance(body, dict):
        for name, value in body.items():
            if name == "order" and isinstance(value, str):
                yield value
            elif name == "until":
                yield from orders(value)


def _looked(scenario: Scenario, step: Step, known: set[str]) -> Iterator[str]:
    for checks in _looks(step):
        yield from _checks(checks)
    for condition in step.conditions:
        yield from _digest(condition.digest, known, held=scenario.held)
        if condition.part is not None and "${" not in condition.part and condition.part not in SERVICES:
            yield f"there is no service {condition.part}; those with metrics are {', '.join(SERVICES)}"
        yield from _trace(condition.trace, known)


def _digest(named: str | None, known: set[str], *, held: bool) -> Iterator[str]:
    if named is None or "${" in named or named == ANY or named in known:
        return
    if not DIGEST.fullmatch(named):
        yield f"no digest is saved as {named}"
    elif not held:
        yield "a digest by its digits is that of a held run: `held: true`"


def _trace(named: str | None, known: set[str]) -> Iterator[str]:
    if named is not None and "${" not in named and named not in known and len(named) < SHORTEST_ID:
        yield f"no order is saved as {named}"


def _is_there(who: str, scenario: Scenario, role: str) -> bool:
    return (
        who in scenario.actors or "${" in who or (role == "actor" and who == NOBODY) or (role == "mail" and "@" in who)
    )


def _looks(step: Step) -> Iterator[dict[str, Any]]:
    """What is checked by expressions."""
    yield from (condition.is_ for condition in step.conditions)
    if step.call:
        yield step.call.is_


def _checks(checks: dict[str, Any]) -> Iterator[str]:
    for expression, expected in checks.items():
        if "${" not in expression:
            yield from _expression(expression)
        if isinstance(expected, dict) and expected.keys() & TESTS.keys() and not is_test(expected):
            odd = ", ".join(sorted(expected.keys() - TESTS.keys()))
            yield f"{expression}: {odd} is no test; they are {', '.join(TESTS)}"


def _expression(expression: str) -> Iterator[str]:
    try:
        compiled(expression)
    except BadExpression as error:
        yield str(error)


def unknown(value: Any, known: set[str]) -> Iterator[str]:
    """Names in templates that nothing has saved so far."""
    try:
        for hole in holes(value):
            for name in sorted(roots(hole) - known):
                yield f"${{{hole}}}: nothing is called {name} here; known are {', '.join(sorted(known))}"
    except BadExpression as error:
        yield str(error)
