"""What a scenario needs of this machine, and so cannot do elsewhere."""

import re
from collections.abc import Iterator, Sequence

from tradectl.errors import ExitCode, TradectlError
from tradectl.scenario.load import Loaded
from tradectl.scenario.model.step import CODED, LOCAL, LOCAL_LOOKS, MAILED_LOOKS, READ_LOOKS
from tradectl.scenario.planned import Planned, walk
from tradectl.scenario.positions import Wrong

MARKETS_DAY = re.compile(r"\$\{[^}]*\bday\b")
SEEN_HERE = "market time and what is under way are seen on the sandbox's own machine alone"


def check_remote(scenarios: Sequence[Loaded], *, mail: bool = False, parts: bool = False) -> None:
    """TradectlError that names each step which needs the sandbox's own machine, before anything is started.

    ``mail`` says that a gateway is named which shows the mails of the platform elsewhere, ``parts`` that all are named.
    """
    wrong = [wrong for loaded in scenarios for wrong in local(loaded, mail=mail, parts=parts)]
    if wrong:
        hint = "--skip-local leaves these out; without --target they run in sandboxes of this machine"
        if not mail and len(wrong) > sum(1 for one in scenarios for _ in local(one, mail=True, parts=parts)):
            hint = f"--mail URL, where its mail gateway answers, lets actors register; {hint}"
        raise TradectlError("\n".join(map(str, sorted(wrong))), hint, ExitCode.USAGE)


def local(loaded: Loaded, *, mail: bool = False, parts: bool = False) -> Iterator[Wrong]:
    """Each place that needs this machine, with the reason."""
    scenario, file = loaded.scenario, str(loaded.file)
    for name, actor in scenario.actors.items():
        if actor.staff or actor.roles:
            yield Wrong(file, 1, 1, f"actor {name}: the sandbox's admin is on its own machine")
        elif actor.enter and not mail and (actor.email is None or actor.password is None):
            yield Wrong(file, 1, 1, f"actor {name}: needs email and password, for his code comes by mail")
    world = (scenario.feed, scenario.at, scenario.at_end, scenario.speed, scenario.needs.settings)
    if (scenario.held and not parts) or scenario.needs.own or any(world):
        yield Wrong(file, 1, 1, "it wants a sandbox started for it")
    if MARKETS_DAY.search(str(scenario.let)) and not parts:
        yield Wrong(file, 1, 1, f"${{day}}: {SEEN_HERE}")
    for planned in walk(loaded.steps):
        yield from (planned.place.wrong(why) for why in _reasons(planned, mail=mail, parts=parts))


def _reasons(planned: Planned, *, mail: bool, parts: bool) -> Iterator[str]:
    """Why a step cannot be done elsewhere."""
    step = planned.step
    there = (MAILED_LOOKS if mail else set()) | (READ_LOOKS if parts else set())
    if step.action in LOCAL - (CODED if mail else set()):
        yield f"{step.action} needs the sandbox's own machine"
    for condition in step.conditions:
        for look in sorted((LOCAL_LOOKS - there) & condition.model_fields_set):
            yield f"{look} is seen on the sandbox's own machine alone"
    if parts:
        return
    if step.wait and (step.wait.market or step.wait.settled or step.wait.pause):
        yield SEEN_HERE
    elif not planned.inner and MARKETS_DAY.search(str(step)):
        yield f"${{day}}: {SEEN_HERE}"
