"""How a recording is begun and told."""

import sys
from pathlib import Path

from tradectl.cli.output import escaped, print_json, stderr, stdout, write
from tradectl.errors import ExitCode, TradectlError
from tradectl.scenario.recording.recording import Recorded
from tradectl.stack.backends.choice import backend_of
from tradectl.stack.state import sandbox
from tradectl.trader.client import PREFIX

SENTENCE = (10, 300)
"""Characters of what a scenario says should be so."""


def door_of(name: str) -> str:
    """The BFF of the sandbox; TradectlError when it is not up."""
    return backend_of(sandbox(name)).endpoint("bff")


def check(out: Path | None, intent: str | None) -> None:
    """Before anything is recorded: nothing is written over, and the sentence is one."""
    if out is not None and out.exists():
        raise TradectlError(f"{out} is there already", "give another name to --out", ExitCode.USAGE)
    if intent is not None and not SENTENCE[0] <= len(intent) <= SENTENCE[1]:
        said = f"--intent has {len(intent)} characters, and not {SENTENCE[0]} to {SENTENCE[1]}"
        raise TradectlError(said, "say what should be so, in a sentence", ExitCode.USAGE)


def ready(address: str) -> None:
    """Where requests are to be sent."""
    stderr().print(f"recording at [bold]{address}{PREFIX}[/]; Ctrl-C ends it", soft_wrap=True, highlight=False)


def show(recorded: Recorded, out: Path | None, *, json: bool) -> None:
    """Write it where it is wanted, and say what it lacks."""
    if out is not None:
        write(out, recorded.text)
    for each in () if json else recorded.left_out:
        stderr().print(f"[yellow]•[/] left out: {escaped(each)}", soft_wrap=True)
    if json:
        told = {"requests": recorded.requests, "steps": recorded.steps, "left_out": recorded.left_out}
        print_json({"file": str(out) if out else None, **told, "text": recorded.text})
    elif out is None:
        sys.stdout.write(recorded.text)
    else:
        stdout().print(f"{recorded.steps} steps in {out}; [cyan]tradectl scenario run {out}[/] does them again")
    if recorded.wrong:
        hint = "mend the file, and tell us: `tradectl scenario check` says the same of it"
        raise TradectlError(
            "\n".join(["what was recorded is no scenario", *recorded.wrong]), hint, ExitCode.CHECK_FAILED
        )
