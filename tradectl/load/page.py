"""A run as one HTML file."""

from collections.abc import Iterable, Sequence
from html import escape

from tradectl.load.comparison import Change
from tradectl.load.histogram import Histogram
from tradectl.load.measured import STREAM, Measurement
from tradectl.load.result import Run
from tradectl.load.shapes import Shape
from tradectl.load.svg import Series, chart

STYLE = """
:root{color-scheme:light dark}body{font:14px/1.45 system-ui,sans-serif;max-width:900px;margin:2rem auto;padding:0 1rem}
table{border-collapse:collapse;width:100%;margin:.5rem 0 1.5rem}td,th{padding:.25rem .5rem;text-align:right;
border-bottom:1px solid #8884}td:first-child,th:first-child{text-align:left}.bad{color:#dc2626;font-weight:600}
.good{color:#059669;font-weight:600}.none,small{opacity:.7}svg{width:100%;font-size:11px}svg text{fill:currentColor}
.grid{stroke:#8883}line.mark{stroke:#dc2626;stroke-dasharray:4 3}text.mark{fill:#dc2626}text.y{text-anchor:end}
text.x{text-anchor:middle}h1{margin-bottom:.2rem}h2{margin:1.6rem 0 .2rem;font-size:1.05rem}
"""
QUANTILES = {"p50": 0.5, "p90": 0.9, "p99": 0.99}
CHARTED = 9
"""Lines of one chart at most."""


def document(title: str, parts: Iterable[str]) -> str:
    """A page without outside resources."""
    head = f"<meta charset='utf-8'><title>{escape(title)}</title><style>{STYLE}</style>"
    return f"<!doctype html><html lang='en'><head>{head}</head><body>{''.join(parts)}</body></html>\n"


def of_run(run: Run) -> str:
    """Everything about one run."""
    measured = run.measurement
    return document(
        f"Load {run.id}",
        [
            f"<h1>{escape(run.scenario)}, {escape(run.shape)}</h1>",
            (
                f"<p>{run.users} users, {run.rate:g}/s for {run.duration:g} s on {escape(run.backend)}, seed {run.seed}"
                f"<br><small>{escape(run.id)}, {escape(run.began)}, tradectl {escape(run.version)}</small></p>"
            ),
            _verdicts(run),
            _summary(measured),
            *_charts(run, measured),
        ],
    )


def table(head: Sequence[str], rows: Iterable[Sequence[object]]) -> str:
    """Cells that begin with ``<`` are drawn as they are."""
    top = "".join(f"<th>{escape(cell)}</th>" for cell in head)
    lines = ("".join(f"<td>{_cell(cell)}</td>" for cell in row) for row in rows)
    return f"<table><tr>{top}</tr>{''.join(f'<tr>{line}</tr>' for line in lines)}</table>"


def _cell(value: object) -> str:
    text = str(value)
    return text if isinstance(value, Drawn) else escape(text)


class Drawn(str):
    """HTML of ours."""

    __slots__ = ()


def judged(holds: bool, good: str, bad: str) -> Drawn:
    """A verdict in its colour."""
    return Drawn(f"<span class='{'good' if holds else 'bad'}'>{escape(good if holds else bad)}</span>")


def _verdicts(run: Run) -> str:
    saturation = run.saturation
    rows: list[tuple[object, ...]] = [
        (each.threshold, each.measured, judged(each.holds, "holds", "does not hold")) for each in run.verdicts
    ]
    if run.audit is not None:
        said = f"{run.audit.orders} orders, {run.audit.fills} fills"
        audit = judged(run.audit.clean, "clean", f"{run.audit.differences} differences")
        rows.append(("audit", said, audit))
    kept = f"{saturation.lag_p99 * 1_000:.1f} ms late, {saturation.busy * 100:.0f} % busy"
    rows.append(("generator", kept, judged(not saturation.why, "kept its schedule", f"saturated: {saturation.why}")))
    if run.aborted:
        rows.append(("ended early", run.aborted, judged(holds=False, good="", bad="aborted")))
    return table(["held to", "measured", "verdict"], rows)


def _summary(measured: Measurement) -> str:
    columns = ("count", "rate", "p50", "p90", "p95", "p99", "p99.9", "max")
    rows = []
    for name, row in measured.summary().items():
        errors = row["errors"] if isinstance(row["errors"], int) else sum(row["errors"].values())
        rows.append((name, *(row[column] for column in columns), errors))
    failures = [(name, said, count) for name, counts in measured.errors.items() for said, count in counts.items()]
    shown = table(["request, ms", *columns, "errors"], rows)
    return shown + (table(["failed", "how", "times"], failures) if failures else "")


def _charts(run: Run, measured: Measurement) -> Iterable[str]:
    seconds = [second for second in measured.seconds if second.t <= run.duration]
    whole = [
        (second.t, Histogram.merged(kind.counts for name, kind in second.kinds.items() if name != STREAM))
        for second in seconds
    ]
    lines = [
        Series(label, [(t, h.quantile(share) * 1_000) for t, h in whole if h.total])
        for label, share in QUANTILES.items()
    ]
    yield "<h2>Latency from when it was due</h2>" + chart(lines, "ms", log=True)
    kinds = sorted(measured.names, key=measured.count, reverse=True)[:CHARTED]
    own = [
        Series(
            name,
            [
                (second.t, Histogram(second.kinds[name].counts).quantile(0.99) * 1_000)
                for second in seconds
                if name in second.kinds
            ],
        )
        for name in kinds
    ]
    yield "<h2>p99 by request</h2>" + chart(own, "ms", log=True)
    shape = Shape(run.points)
    due = Series("due", [(second.t, shape.rate(second.t + 0.5)) for second in seconds])
    answered = Series("answered", [(t, float(h.total)) for t, h in whole])
    yield "<h2>Throughput</h2>" + chart([due, answered], "/s")
    failed = [
        (second.t, float(sum(kind.errors.total() for kind in second.kinds.values()) + second.unsent))
        for second in seconds
    ]
    yield "<h2>Errors</h2>" + chart([Series("errors", failed)], "/s")
    looks = run.looks
    yield "<h2>Processor, by process</h2>" + chart(_by(looks, "cpu"), "cores")
    yield "<h2>Memory, by process</h2>" + chart(_by(looks, "memory"), "MiB")
    yield "<h2>Waiting in queues</h2>" + chart(_by(looks, "queues"), "rows")
    lag = [(look["t"], look["lag"]) for look in looks if look["lag"] is not None]
    yield "<h2>Replica behind the primary</h2>" + chart([Series("seconds", lag)], "s")
    busy = Series("busy", [(second.t, second.busy) for second in seconds])
    late = [(second.t, Histogram(second.lag).quantile(0.99) * 1_000) for second in seconds if second.lag]
    yield "<h2>The generator itself</h2>" + chart([busy], "cores") + chart([Series("begins late, p99", late)], "ms")


def _by(looks: Sequence[dict[str, object]], what: str) -> list[Series]:
    """A line for each process or queue, the largest ones."""
    lines: dict[str, list[tuple[float, float]]] = {}
    for look in looks:
        values = look[what]
        if isinstance(values, dict):
            for name, value in values.items():
                lines.setdefault(name, []).append((float(str(look["t"])), float(value)))
    largest = sorted(lines, key=lambda name: max(value for _, value in lines[name]), reverse=True)[:CHARTED]
    return [Series(name, lines[name]) for name in largest]


def of_comparison(before: Run, after: Run, changes: Sequence[Change]) -> str:
    """What got worse."""
    rows = [
        (
            each.what,
            shown(each, each.before),
            shown(each, each.after),
            f"{each.low:.2f} to {each.high:.2f}",
            judged(each.verdict != "worse", each.verdict, each.verdict),
        )
        for each in changes
    ]
    title = f"{before.id} and {after.id}"
    head = ["", "before", "after", "after / before, 95 %", "verdict"]
    return document(title, [f"<h1>{escape(title)}</h1>", table(head, rows)])


def shown(change: Change, value: float) -> str:
    """In the unit of people."""
    return f"{value * 100:.2f} %" if change.what.startswith("errors") else f"{value * 1_000:.1f} ms"
