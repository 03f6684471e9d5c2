"""What Prometheus is told of backups: a page for its textfile collector, beside the sandboxes, that outlives them.

`tradectl backup` writes it after each create, verify and drill, `tradectl backup ship` every few seconds.
"""

from collections.abc import Mapping
from pathlib import Path
from typing import Final

SUCCESS = "tradectl_backup_last_success_timestamp_seconds"
VERIFIED = "tradectl_backup_last_verified_timestamp_seconds"
SIZE = "tradectl_backup_last_size_bytes"
DURATION = "tradectl_backup_last_duration_seconds"
FAILURES = "tradectl_backup_failures_total"
SHIPPED = "tradectl_backup_log_shipped_timestamp_seconds"
SHIPPED_BYTES = "tradectl_backup_log_shipped_bytes_total"
RPO = "tradectl_backup_drill_rpo_seconds"
RTO = "tradectl_backup_drill_rto_seconds"

METRICS: Final[Mapping[str, tuple[str, str]]] = {
    SUCCESS: ("gauge", "When the last full backup was whole."),
    VERIFIED: ("gauge", "When a full backup was last read back and held against its manifest."),
    SIZE: ("gauge", "Size of the last full backup in its store."),
    DURATION: ("gauge", "What the last full backup took."),
    FAILURES: ("counter", "Backups, verifications and shipments that failed."),
    SHIPPED: ("gauge", "The moment up to which every transaction of the primary is in the store."),
    SHIPPED_BYTES: ("counter", "Bytes of binary logs that were shipped."),
    RPO: ("gauge", "Of the last drill: what would have been lost."),
    RTO: ("gauge", "Of the last drill: from the loss to a platform that trades again."),
}
"""Kind and meaning by name; each has the label ``sandbox``."""
Values = Mapping[str, float]


def page(sandbox: str, values: Values) -> str:
    """In Prometheus' text format."""
    lines = []
    for name in (known for known in METRICS if known in values):
        kind, meaning = METRICS[name]
        lines += [
            f"# HELP {name} {meaning}",
            f"# TYPE {name} {kind}",
            f'{name}{{sandbox="{sandbox}"}} {values[name]!r}',
        ]
    return "".join(f"{line}\n" for line in lines)


def parsed(text: str) -> dict[str, float]:
    """The values of a page."""
    samples = (line.rsplit(" ", 1) for line in text.splitlines() if line and not line.startswith("#"))
    return {name.partition("{")[0]: float(value) for name, value in samples}


def path(folder: Path, sandbox: str) -> Path:
    """Where the page of a sandbox lies, in the folder of metrics."""
    return folder / f"backup-{sandbox}.prom"


def known(file: Path) -> dict[str, float]:
    return parsed(file.read_text(encoding="ascii")) if file.exists() else {}


def note(file: Path, sandbox: str, values: Values) -> None:
    """Change these values of the page and leave the others; who collects sees it whole."""
    file.parent.mkdir(mode=0o755, parents=True, exist_ok=True)
    beside = file.with_name(f".{file.name}.new")
    beside.write_text(page(sandbox, {**known(file), **values}), encoding="ascii")
    beside.replace(file)


def failed(file: Path, sandbox: str) -> None:
    note(file, sandbox, {FAILURES: known(file).get(FAILURES, 0.0) + 1})
