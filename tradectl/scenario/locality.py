"""What a scenario needs of this machine, and so cannot do elsewhere."""

from collections.abc import Iterator, Sequence

from tradectl.errors import ExitCode, TradectlError
from tradectl.scenario.load import Loaded
from tradectl.scenario.model.step import LOCAL, LOCAL_LOOKS
from tradectl.scenario.planned import walk
from tradectl.scenario.positions import Wrong


def check_remote(scenarios: Sequence[Loaded]) -> None:
    """TradectlError that names each step which needs the sandbox's own machine, before anything is started."""
    wrong = [wrong for loaded in scenarios for wrong in local(loaded)]
    if wrong:
        hint = "without --target they run in sandboxes of this machine"
        raise TradectlError("\n".join(map(str, sorted(wrong))), hint, ExitCode.USAGE)


def local(loaded: Loaded) -> Iterator[Wrong]:
    """Each place that needs this machine, with the reason."""
    scenario, file = loaded.scenario, str(loaded.file)
    for name, actor in scenario.actors.items():
        if actor.staff or actor.roles:
            yield Wrong(file, 1, 1, f"actor {name}: the sandbox's admin is on its own machine")
        elif actor.enter and (actor.email is None or actor.password is None):
            yield Wrong(file, 1, 1, f"actor {name}: needs email and password, for his code comes by mail")
    if scenario.held or scenario.needs.own or scenario.needs.settings or scenario.feed or scenario.at or scenario.speed:
        yield Wrong(file, 1, 1, "it wants a sandbox started for it")
    for planned in walk(loaded.steps):
        if planned.step.action in LOCAL:
            yield planned.place.wrong(f"{planned.step.action} needs the sandbox's own machine")
        for condition in planned.step.conditions:
            for look in sorted(LOCAL_LOOKS & condition.model_fields_set):
                yield planned.place.wrong(f"{look} is seen on the sandbox's own machine alone")
        if planned.step.wait and (planned.step.wait.market or planned.step.wait.settled):
            yield planned.place.wrong("market time and what is under way are seen on the sandbox's own machine alone")
