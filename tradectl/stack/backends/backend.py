"""A way to run the stack, whatever holds its parts."""

from collections.abc import Callable, Iterator, Mapping
from pathlib import Path
from typing import Any, Protocol

from tradectl.errors import TradectlError
from tradectl.stack.children import Layout
from tradectl.stack.events import StackEvent
from tradectl.stack.plan import Observed, Plan
from tradectl.stack.settings import RunSettings
from tradectl.stack.state import Sandbox

Listener = Callable[[StackEvent], None]


class OvertakenError(TradectlError):
    """What ran when it was looked at has ended since, and not by this command: look again."""


class Backend(Protocol):
    """Observe, apply, ask, take down."""

    name: str
    sandbox: Sandbox

    def layout(self) -> Layout:
        """Which processes hold which parts."""

    def observe(self) -> Observed:
        """What runs now."""

    def apply(self, plan: Plan, settings: RunSettings, listen: Listener) -> None:
        """Do what the plan says, telling progress; parts may still be on their way when it returns."""

    def progress(self) -> Iterator[StackEvent]:
        """What happened since the last look; TradectlError when the stack ended instead of coming up.

        OvertakenError where it was not this command that had started it.
        """

    def children(self) -> Mapping[str, Mapping[str, Any]]:
        """What the supervisor says of its children."""

    def working(self) -> Mapping[str, int]:
        """By child: the process that does its work, by which it is measured."""

    def ready(self, child: str) -> Mapping[str, Any] | None:
        """What a ready child says of itself; None while there is none."""

    def servers(self) -> Mapping[str, str]:
        """The state of each server that it has started, by role."""

    def endpoints(self) -> dict[str, str]:
        """The address of every port; TradectlError when the sandbox is not up."""

    def endpoint(self, part: str, port: str = "http") -> str:
        """One of them."""

    def quote(self) -> dict[str, Any] | None:
        """A first price; None while there is none."""

    def logs(self, part: str) -> list[Path]:
        """The files of a part's log lines."""

    def undo(self, *, keep_data: bool) -> None:
        """After a start that failed: nothing of it is left running."""

    def down(self, *, keep_data: bool) -> bool:
        """Stop everything and check that nothing is left; whether anything ran."""
