"""The sandbox under load, for a while."""

from typing import Any

from tradectl.fault.duration import seconds
from tradectl.load.result import Run
from tradectl.load.run import Plan, Target, run
from tradectl.load.shapes import SHAPES
from tradectl.load.thresholds import parse
from tradectl.scenario.failures import Broke, Unmet
from tradectl.scenario.matching import Mismatch
from tradectl.scenario.model import loading as model
from tradectl.scenario.stage import Stage


def load(stage: Stage, step: model.Load, _: float) -> Any:
    """The figures, once it is over; what it caused may still be under way."""
    target = Target(stage.target.here.name, stage.target.held_by(), stage.target.sources())
    plan = Plan(
        scenario=step.profile,
        shape=SHAPES[step.shape](step.rate, seconds(step.for_)),
        shape_name=step.shape,
        rate=step.rate,
        users=step.users,
        seed=step.seed,
        thresholds=[parse(each) for each in step.thresholds],
        audited=False,
    )
    return judged(run(target, plan, lambda _, __: None))


def judged(done: Run) -> dict[str, Any]:
    """Its figures; Unmet with the thresholds that do not hold.

    Broke where they do not hold and the generator could not keep up: its figures are worse than the platform's, never
    better, so that what holds all the same is proved, and what does not is not.
    """
    measured, why = done.measurement, done.saturation.why
    wrong = [Mismatch(each.threshold, "to hold", each.measured) for each in done.verdicts if not each.holds]
    if (wrong or done.aborted) and why:
        raise Broke(f"the load's generator was saturated, so that nothing is proved: {why}")
    if wrong or done.aborted:
        raise Unmet(f"the load {done.scenario}{f' was ended: {done.aborted}' if done.aborted else ''}", wrong)
    return {
        "requests": measured.summary(),
        "verdicts": [{"threshold": each.threshold, "measured": each.measured} for each in done.verdicts],
        "saturated": why,
    }
