"""Looking at what a sandbox has in the engine, taking it down by label, and seeing that it is gone."""

from collections.abc import Mapping

from tradectl.errors import ExitCode, TradectlError
from tradectl.stack.containers import labelled
from tradectl.stack.containers.engine import connect
from tradectl.stack.containers.labelled import Thing
from tradectl.stack.containers.owner import ROLE, ROLES, filters
from tradectl.stack.state import Sandbox

STATES = {"running": "running", "restarting": "running", "paused": "paused"}


def observe(sandbox: Sandbox) -> Mapping[str, str]:
    """The state of each server by role: running, paused, exited or absent."""
    found = [each for each in labelled.things(connect(), filters(sandbox)) if each.kind == "container"]
    states = {each.labels[ROLE]: STATES.get(each.status, "exited") for each in found if ROLE in each.labels}
    return {role: states.get(role, "absent") for role in ROLES}


def take_down(sandbox: Sandbox, *, keep_data: bool) -> None:
    """Remove the sandbox's containers and network, and its volumes unless they are kept; LEFT_BEHIND when one stays."""
    labelled.remove(_wanted(sandbox, keep_data=keep_data), gently=keep_data)
    sandbox.infrastructure.unlink(missing_ok=True)
    if left := _wanted(sandbox, keep_data=keep_data):
        hint = "`tradectl gc` tries again; `docker ps -a` shows what holds it"
        said = ", ".join(f"{each.kind} {each.name}" for each in left)
        raise TradectlError(f"left behind: {said}", hint, ExitCode.LEFT_BEHIND)


def _wanted(sandbox: Sandbox, *, keep_data: bool) -> list[Thing]:
    return [each for each in labelled.things(connect(), filters(sandbox)) if not (keep_data and each.kind == "volume")]
