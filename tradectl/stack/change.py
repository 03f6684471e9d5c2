"""A change of all that a sandbox holds: from its begin to its end nothing may start on what is there."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import asdict, dataclass
from typing import Literal

from tradectl.errors import ExitCode, TradectlError
from tradectl.stack.state import DEFAULT, Sandbox, read_json, write_json


@dataclass(frozen=True)
class Change:
    """``snapshot`` is loaded, which was saved of the sandbox ``origin``; a reset has neither.

    Of a restore ``snapshot`` is what it was asked for, and ``origin`` where backups lie, unless that is said elsewhere.
    """

    verb: Literal["load", "reset", "restore"]
    snapshot: str = ""
    origin: str = ""

    def command(self, sandbox: Sandbox) -> str:
        """What does it again, from its begin."""
        name = flag(sandbox)
        if self.verb == "reset":
            return f"tradectl reset{name}"
        if self.verb == "restore":
            place = f" --to '{self.origin}'" if self.origin else ""
            return f"tradectl backup restore{self.snapshot}{place}{name}"
        origin = "" if self.origin == sandbox.name else f" --from {self.origin}"
        return f"tradectl snapshot load {self.snapshot}{origin}{name}"


def flag(sandbox: Sandbox) -> str:
    """The option that names a sandbox, where one is needed."""
    return "" if sandbox.name == DEFAULT else f" --name {sandbox.name}"


def begun(sandbox: Sandbox) -> Change | None:
    """The change that did not come to its end."""
    return Change(**read_json(sandbox.change)) if sandbox.change.exists() else None


def check(sandbox: Sandbox) -> None:
    """TradectlError when the sandbox is neither what it was nor what it should become."""
    if change := begun(sandbox):
        raise halfway(sandbox, change, f"`{change.command(sandbox)}` was cut off", ExitCode.STATE_UNUSABLE)


@contextmanager
def whole(sandbox: Sandbox, change: Change) -> Iterator[None]:
    """Make the change here. Whatever cuts it off, the sandbox says so until it is done again."""
    write_json(sandbox.change, asdict(change))
    try:
        yield
    except TradectlError as error:
        raise halfway(sandbox, change, error.message, error.exit_code) from error
    except KeyboardInterrupt as error:
        raise halfway(sandbox, change, "interrupted", ExitCode.INTERRUPTED) from error
    except OSError as error:
        said = f"{error.filename or sandbox.root}: {error.strerror or error}"
        raise halfway(sandbox, change, said, ExitCode.STATE_UNUSABLE) from error
    sandbox.change.unlink()


def halfway(sandbox: Sandbox, change: Change, why: str, code: ExitCode) -> TradectlError:
    done = {"load": "loaded", "reset": "reset", "restore": "restored"}[change.verb]
    hint = f"`{change.command(sandbox)}` does it whole; `tradectl down{flag(sandbox)}` removes the sandbox"
    return TradectlError(f"sandbox {sandbox.name} is only half {done}: {why}", hint, code)
