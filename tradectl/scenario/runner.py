"""Runs one scenario on a stage, step by step."""

import time
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from typing import Any

from pydantic import BaseModel, ValidationError

from tradectl.errors import TradectlError
from tradectl.scenario.actions import ACTIONS
from tradectl.scenario.actions.people import enter
from tradectl.scenario.failures import Unmet
from tradectl.scenario.jmes import BadExpression, found
from tradectl.scenario.outcome import StepResult
from tradectl.scenario.planned import Planned
from tradectl.scenario.stage import PATIENCE, Stage
from tradectl.scenario.templates import filled
from tradectl.scenario.titles import title
from tradectl.telemetry.acts import acts_of
from tradectl.trader.failures import Failed


class StepFailed(Exception):
    """The step that ended the run, and why."""

    def __init__(self, where: str, step: str, cause: Failed) -> None:
        super().__init__(str(cause))
        self.where = where
        self.step = step
        self.cause = cause


class Runner:
    """``results`` grows as the steps are done."""

    def __init__(self, stage: Stage, first: str) -> None:
        self.stage = stage
        self.first = first
        self.results: list[StepResult] = []
        self._acts = acts_of(stage.target.sandbox)

    def run(self, steps: Sequence[Planned]) -> None:
        """Everybody enters, then each step in its turn; StepFailed for the first that fails."""
        for name, person in self.stage.people.items():
            if person.actor.enter:
                self._enter(name)
        self._all(steps, {}, 0)

    def _enter(self, name: str) -> None:
        result = StepResult(self.first, f"{name} enters", 0)
        self._timed(result, "enter", lambda: enter(self.stage, self.stage.people[name]))

    def _all(self, steps: Sequence[Planned], local: dict[str, Any], depth: int) -> None:
        for planned in steps:
            self._one(planned, local, depth)

    def _one(self, planned: Planned, local: dict[str, Any], depth: int) -> None:
        step = planned.step
        if planned.inner:
            self._nested(planned, local, depth)
            return
        result = StepResult(planned.where, title(step), depth)
        self._timed(result, step.note or step.action, lambda: self._act(planned, local))

    def _timed(self, result: StepResult, kind: str, action: Any) -> None:
        """Do it, with the time it took and how it ended; its words may be a password's, and no trace has them."""
        began = time.monotonic()
        self.results.append(result)
        try:
            with self._acts.act("step", kind) as told:
                told["at"] = result.where
                action()
            result.ok = True
        except (Failed, BadExpression) as error:
            cause = error if isinstance(error, Failed) else Unmet(str(error))
            result.detail = str(cause)
            raise StepFailed(result.where, result.title, cause) from error
        finally:
            result.seconds = time.monotonic() - began

    def _act(self, planned: Planned, local: dict[str, Any]) -> None:
        step, stage = planned.step, self.stage
        within = PATIENCE if step.within is None else step.within
        try:
            answer = ACTIONS[step.action](stage, rendered(step.body, {**stage.known(), **local}), within)
        except ValidationError as error:
            raise Unmet("; ".join(each["msg"] for each in error.errors())) from error
        except TradectlError as error:
            raise Unmet(error.message) from error
        if step.as_ is not None:
            stage.values[step.as_] = answer
        for name, expression in step.save.items():
            stage.values[name] = found(expression, answer)

    def _nested(self, planned: Planned, local: dict[str, Any], depth: int) -> None:
        step = planned.step
        result = StepResult(planned.where, title(step), depth, ok=True)
        self.results.append(result)
        began = time.monotonic()
        try:
            self._inner(planned, local, depth + 1)
        except StepFailed:
            result.ok = False
            raise
        finally:
            result.seconds = time.monotonic() - began

    def _inner(self, planned: Planned, local: dict[str, Any], depth: int) -> None:
        step = planned.step
        if step.parallel is not None:
            self._together(planned.inner, local, depth)
        elif step.repeat is not None:
            for number in range(1, step.repeat.times + 1):
                self._all(planned.inner, {**local, "round": number}, depth)
        elif step.for_each is not None:
            for item in self._items(planned, local):
                self._all(planned.inner, {**local, step.for_each.as_: item}, depth)
        else:
            self._all(planned.inner, local, depth)

    def _items(self, planned: Planned, local: dict[str, Any]) -> list[Any]:
        each = planned.step.for_each
        items = filled(each.in_, {**self.stage.known(), **local}) if each else []
        if not isinstance(items, list):
            raise StepFailed(planned.where, title(planned.step), Unmet(f"{items!r} is no list"))
        return items

    def _together(self, steps: Sequence[Planned], local: dict[str, Any], depth: int) -> None:
        """Side by side, all to their ends; then the first failure counts."""
        with ThreadPoolExecutor(len(steps)) as threads:
            running = [threads.submit(self._one, planned, local, depth) for planned in steps]
        for each in running:
            each.result()


def rendered(body: BaseModel, known: dict[str, Any]) -> Any:
    """The step's words with their templates filled."""
    words = body.model_dump(by_alias=True, exclude_unset=True)
    return type(body).model_validate(filled(words, known))
