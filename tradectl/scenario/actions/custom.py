"""Steps that other packages bring."""

from collections.abc import Callable
from importlib.metadata import entry_points
from typing import Any

from tradectl.errors import TradectlError
from tradectl.scenario.model import control as model
from tradectl.scenario.names import GROUP
from tradectl.scenario.stage import Stage
from tradectl.trader.failures import Failed


def custom(stage: Stage, step: model.Custom, _: float) -> Any:
    """Call it as ``step(person, **arguments)``; what it returns is the result.

    ``person.trader.client`` asks the BFF. AssertionError is how it says that something is not as it should be; whatever
    else it raises fails the step too, and no other scenario.
    """
    found = next(iter(entry_points(group=GROUP, name=step.step)))
    action: Callable[..., Any] = found.load()
    try:
        return action(stage.person(step.actor), **step.with_)
    except (Failed, TradectlError):
        raise
    except AssertionError as error:
        raise Failed(f"{step.step}: {error}") from error
    except Exception as error:  # it is another's code
        raise Failed(f"{step.step} raised {type(error).__name__}: {error}") from error
