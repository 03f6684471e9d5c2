"""What is there, and whether it is what was expected; asked again until it is, or time is up."""

import time
from typing import Any

from tradectl.audit.report import await_settled
from tradectl.scenario.actions.looks import LOOKS
from tradectl.scenario.failures import Unmet
from tradectl.scenario.jmes import BadExpression
from tradectl.scenario.matching import Mismatch, agrees, mismatches
from tradectl.scenario.model import looking as model
from tradectl.scenario.model.looking import LISTS, LOOKED_AT
from tradectl.scenario.stage import Stage
from tradectl.trader.failures import Failed


def expect(stage: Stage, step: model.Condition, within: float) -> Any:
    """What was found, once it is as it should be; Unmet with the last that was there."""
    wrong: list[Mismatch] = [Mismatch("what is there", "an answer", None)]

    def holds() -> tuple[Any] | None:
        nonlocal wrong
        content = look(stage, step)
        wrong, chosen = judged(step, content)
        return None if wrong else (chosen,)

    def patiently() -> tuple[Any] | None:
        nonlocal wrong
        try:
            return holds()
        except (Failed, BadExpression) as error:  # not yet there, or the platform is just coming back
            told = error.mismatches if isinstance(error, Unmet) else ()
            wrong = list(told) or [Mismatch("what is there", "an answer", str(error))]
            return None

    what = f"{kind_of(step)} {getattr(step, kind_of(step))}"
    try:
        return stage.pace.until(patiently, what, within)[0]
    except Failed as error:
        raise Unmet(str(error), wrong) from error


def standing(stage: Stage, step: model.Condition, within: float) -> Any:
    """What was found, market time standing: where it came to be otherwise before that stood, it goes on."""
    until, speed = time.monotonic() + within, stage.target.clock()["speed"]
    while True:
        expect(stage, step, until - time.monotonic())
        stage.target.clock({"mode": "paused"})
        await_settled(stage.target.sources())
        wrong, chosen = judged(step, look(stage, step))
        if not wrong:
            return chosen
        stage.target.clock({"mode": "running", "speed": speed})


def kind_of(step: model.Condition) -> str:
    """What is looked at."""
    return next(name for name in LOOKED_AT if getattr(step, name) is not None)


def look(stage: Stage, step: model.Condition) -> Any:
    """The thing itself, or a list of candidates."""
    kind = kind_of(step)
    return LOOKS[kind](stage, stage.client(step.actor), getattr(step, kind), step)


def judged(step: model.Condition, content: Any) -> tuple[list[Mismatch], Any]:
    """What does not hold; and the content, or the item of a list that is meant."""
    if kind_of(step) not in LISTS:
        return mismatches(step.is_, content), content
    verdicts = [(mismatches(step.is_, each), each) for each in content]
    fitting = [each for wrong, each in verdicts if not wrong]
    if step.count is not None:
        found = len(fitting)
        return ([] if agrees(step.count, found) else [Mismatch("count", step.count, found)]), fitting
    if fitting:
        return [], fitting[0]
    nearest = min((wrong for wrong, _ in verdicts), key=len, default=[Mismatch("items", "at least one", 0)])
    return nearest, None


def wait(stage: Stage, step: model.Wait, within: float) -> Any:
    """Until it is so."""
    if step.until is not None:
        return (standing if step.pause else expect)(stage, step.until, within)
    if step.settled:
        await_settled(stage.target.sources())
        return None
    moment = str(step.market)
    if "T" not in moment:
        moment = f"{stage.values['day']}T{moment}:00Z" if moment.count(":") == 1 else f"{stage.values['day']}T{moment}Z"

    def reached() -> str | None:
        now = str(stage.target.clock()["now"])
        return now if now >= moment.rstrip("Z") else None

    return stage.pace.until(reached, f"market time {moment}", within)
