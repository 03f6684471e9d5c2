"""The market's clock, processes, state: what only this machine can do."""

import os
import signal
from dataclasses import asdict
from typing import Any

from tradectl.errors import TradectlError
from tradectl.fault import run as faults
from tradectl.fault.duration import seconds
from tradectl.hold.going import go, length, moment_of
from tradectl.probes.clock import market_time
from tradectl.scenario.commands import tradectl
from tradectl.scenario.failures import Broke
from tradectl.scenario.model import control as model
from tradectl.scenario.model.words import as_number
from tradectl.scenario.stage import Stage
from tradectl.stack.backends.backend import Backend
from tradectl.stack.control import steer
from tradectl.trader.failures import Failed


def clock(stage: Stage, step: model.Clock, within: float) -> Any:
    """Another speed, mode or moment."""
    if step.step is not None or step.seek is not None:
        clock = stage.target.held_by().endpoint("clock")
        now = market_time(clock).now
        moment = now + length(step.step) if step.step is not None else moment_of(str(step.seek), now)
        return asdict(go(clock, moment, timeout=within))
    if step.speed is not None:
        return stage.target.clock({"mode": "running", "speed": step.speed})
    return stage.target.clock({"mode": "paused"} if step.pause else {"mode": "running", "speed": 1})


def restart(stage: Stage, step: model.Restart, within: float) -> Any:
    """Until the part's process is another one, and ready."""
    backend = stage.target.held_by()
    try:
        child = backend.layout().of_part(step.part).name
    except StopIteration:
        raise Failed(f"there is no part {step.part}") from None
    if not step.kill:
        try:
            steer(backend, [child], "running", within, again=True)
        except TradectlError as error:
            raise Broke(error.message) from error
        return {"child": child}
    before = (backend.ready(child) or {})["pid"]
    os.kill(int(before), signal.SIGKILL)
    stage.pace.until(lambda: _another(backend, child, before), f"{child} back", within)
    return {"child": child}


def _another(backend: Backend, child: str, before: int) -> bool | None:
    ready = backend.ready(child)
    return True if ready is not None and ready["pid"] != before else None


def fault(stage: Stage, step: model.Fault, _: float) -> Any:
    """Begun; it is over by itself."""
    graded = {name: as_number(value) for name, value in step.with_.items()}
    begun = faults.add(stage.target.here, step.add, graded, seconds=seconds(step.for_), seed=stage.seed)
    return {"id": begun[0].id, "ids": [each.id for each in begun]}


def clear(stage: Stage, step: model.Clear, _: float) -> Any:
    """Over now."""
    begun = stage.values.get(step.fault or "")
    which = begun["ids"] if isinstance(begun, dict) else [None]
    return {"ended": [each.id for id in which for each in faults.clear(stage.target.here, id)]}


def snapshot(stage: Stage, step: model.Snapshot, within: float) -> Any:
    """Kept or put back."""
    name = stage.target.here.name
    if step.save is not None:
        return tradectl("snapshot", "save", step.save, "--name", name, "--force", "--quiet", timeout=within + 30)
    return tradectl("snapshot", "load", str(step.load), "--name", name, "--quiet", timeout=within + 30)
