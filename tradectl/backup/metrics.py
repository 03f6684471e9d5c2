"""What Prometheus is told of backups: a page for its textfile collector, beside the sandboxes, that outlives them.

`tradectl backup` writes it after each create, verify and drill, `tradectl backup ship` every few seconds.
"""

from collections.abc import Mapping
from pathlib import Path
from typing import Final

from services.contracts.metrics import Metric, backup, declared

SUCCESS, VERIFIED, SIZE, DURATION = (
    metric.name for metric in (backup.SUCCESS, backup.VERIFIED, backup.SIZE, backup.DURATION)
)
FAILURES, SHIPPED, SHIPPED_BYTES = (metric.name for metric in (backup.FAILURES, backup.SHIPPED, backup.SHIPPED_BYTES))
RPO, RTO = backup.RPO.name, backup.RTO.name

METRICS: Final[Mapping[str, Metric]] = {metric.name: metric for metric in declared(backup)}
Values = Mapping[str, float]


def page(sandbox: str, values: Values) -> str:
    """In Prometheus' text format."""
    lines = []
    for name, metric in METRICS.items():
        if name in values:
            lines += [f"# HELP {name} {metric.text}", f"# TYPE {name} {metric.kind}"]
            lines.append(f'{name}{{sandbox="{sandbox}"}} {values[name]!r}')
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
