"""What `tradectl backup` says of backups, and notes for Prometheus."""

import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

from tradectl.cli import progress
from tradectl.cli.output import stdout
from tradectl.errors import ExitCode, TradectlError

if TYPE_CHECKING:
    from tradectl.backup.catalogue import Backup
    from tradectl.backup.chains import Chain
    from tradectl.backup.manifest import Manifest
    from tradectl.backup.ship import Shipper
    from tradectl.backup.store import Store


@contextmanager
def noted(name: str) -> Iterator[None]:
    """A failure is counted."""
    try:
        yield
    except TradectlError:
        failed(name)
        raise


def failed(name: str) -> None:
    from tradectl.backup import metrics
    from tradectl.backup.paths import page_of

    metrics.failed(page_of(name), name)


def show(address: str, name: str) -> None:
    """The page, for as long as this process lives."""
    from tradectl.backup.page import serve
    from tradectl.backup.paths import page_of

    serve(address, page_of(name))


class Rarely:
    """Whether it is time again."""

    EVERY = 60.0
    """Seconds."""

    def __init__(self) -> None:
        self._next = 0.0

    def due(self) -> bool:
        if time.monotonic() < self._next:
            return False
        self._next = time.monotonic() + self.EVERY
        return True


def figures(manifest: "Manifest") -> dict[str, float]:
    from tradectl.backup import metrics

    return {
        metrics.SUCCESS: manifest.taken / 1_000_000,
        metrics.SIZE: float(manifest.size),
        metrics.DURATION: manifest.seconds,
    }


def note(name: str, values: dict[str, float]) -> None:
    from tradectl.backup import metrics
    from tradectl.backup.paths import page_of

    metrics.note(page_of(name), name, values)


def note_shipped(name: str, done: "Shipper", sent: int) -> None:
    from tradectl.backup import metrics
    from tradectl.backup.paths import page_of

    before = metrics.known(page_of(name)).get(metrics.SHIPPED_BYTES, 0.0)
    note(name, {metrics.SHIPPED: done.shipped / 1_000_000, metrics.SHIPPED_BYTES: before + sent})


def stored(store: "Store", name: str) -> dict[str, float]:
    """What a store knows of the last full backup, whoever made and verified it."""
    from tradectl.backup import catalogue, metrics

    found = catalogue.every(store, name)
    if not found:
        return {}
    verified = max(each.verified for each in found)
    return figures(found[-1].manifest) | ({metrics.VERIFIED: verified / 1_000_000} if verified else {})


def document(made: "Manifest", store: str) -> dict[str, Any]:
    return {
        "id": made.id,
        "sandbox": made.sandbox,
        "store": store,
        "taken": when(made.taken),
        "backend": made.backend,
        "rows": sum(made.rows.values()),
        "size": made.size,
        "seconds": made.seconds,
        "tradectl": made.tradectl,
        "gtid": made.gtid,
    }


def chain(found: "Chain") -> str:
    """Of logs in words."""
    if not found.pieces:
        return "no binary log was shipped since: a restore reaches the backup alone"
    what = f"{found.pieces} pieces, {found.transactions} transactions"
    return f"[green]its binary logs have no gap, until {when(found.until)}[/] [dim]{what}[/]"


def show_adopted(adopted: Mapping[str, list[str]]) -> None:
    """What became of orders that the venue has and the restored database had not."""
    if taken := adopted.get("adopted"):
        stdout().print(f"{len(taken)} orders of the lost time were taken over from the venue's record")
    if refused := adopted.get("refused"):
        stdout().print(
            f"[yellow]![/] {len(refused)} orders of the lost time are the venue's alone: {', '.join(refused)}"
        )


def row(each: "Backup") -> list[object]:
    made = each.manifest
    what = [made.id, when(made.taken)[:19], made.backend, sum(made.rows.values()), f"{made.size / 2**20:.1f}"]
    return [*what, f"{made.seconds:.1f}", made.tradectl, when(each.verified)[:19] or "never"]


def when(moment: int) -> str:
    from services.contracts.times import rfc3339

    return rfc3339(moment) if moment else ""


def moment(text: str) -> int:
    """Microseconds; TradectlError when it is no time, or is not over."""
    try:
        found = datetime.fromisoformat(text)
    except ValueError:
        found = None
    if found is None or found.tzinfo is None:
        hint = "with its zone, as 2026-11-30T03:15:00Z"
        raise TradectlError(f"{text!r} is no moment", hint, ExitCode.USAGE)
    if found.timestamp() > time.time():
        raise TradectlError(
            f"{found.astimezone(UTC):%H:%M:%S} UTC is still to come", "name a moment that is over", ExitCode.USAGE
        )
    return int(found.timestamp() * 1_000_000)


def listener(quiet: bool, json: bool) -> progress.Listener:
    return progress.quiet if quiet else progress.as_json if json else progress.terminal
