"""What each step does: by its name, with the stage, the step's words and the seconds that it may wait."""

from collections.abc import Callable, Mapping
from typing import Any

from tradectl.scenario.actions import amending, calling, controlling, custom, loading, looking, people, trading
from tradectl.scenario.stage import Stage

Action = Callable[[Stage, Any, float], Any]

ACTIONS: Mapping[str, Action] = {
    "register": people.register,
    "login": people.login,
    "deposit": people.deposit,
    "withdraw": people.withdraw,
    "subscribe": people.subscribe,
    "disconnect": people.disconnect,
    "browser": people.browser,
    "place": trading.place,
    "cancel": trading.cancel,
    "replace": trading.replace,
    "expect": looking.expect,
    "wait": looking.wait,
    "call": calling.call,
    "clock": controlling.clock,
    "restart": controlling.restart,
    "snapshot": controlling.snapshot,
    "fault": controlling.fault,
    "clear": controlling.clear,
    "bust": amending.bust,
    "correct": amending.correct,
    "load": loading.load,
    "custom": custom.custom,
}
