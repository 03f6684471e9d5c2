"""The report for people: one page without anything from elsewhere."""

from collections.abc import Iterator, Sequence
from html import escape
from pathlib import Path

from tradectl.scenario.outcome import Outcome
from tradectl.scenario.report import counted, told

STYLE = """
:root { color-scheme: light dark; font: 15px/1.5 system-ui, sans-serif; }
body { max-width: 72rem; margin: 2rem auto; padding: 0 1rem; }
details { border-top: 1px solid #8884; padding: .4rem 0; }
summary { cursor: pointer; display: grid; grid-template-columns: 5rem 16rem 1fr 5rem; gap: 1rem; }
summary > :last-child, td:last-child { text-align: right; font-variant-numeric: tabular-nums; }
.held { color: #1a7f37; } .failed, .broke { color: #cf222e; font-weight: 600; } .skipped { color: #9a6700; }
pre { overflow-x: auto; background: #8881; padding: .8rem; font-size: 13px; }
table { border-collapse: collapse; width: 100%; font-size: 14px; } td { padding: .1rem .5rem; vertical-align: top; }
"""
RANK = {"broke": 0, "failed": 1, "skipped": 3}


def write(path: Path, outcomes: Sequence[Outcome], seconds: float) -> None:
    """What failed stands first."""
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text("\n".join(_page(outcomes, seconds)) + "\n", encoding="utf-8")


def _page(outcomes: Sequence[Outcome], seconds: float) -> Iterator[str]:
    title = f"{counted(outcomes)} in {seconds:.1f} s"
    yield f'<!doctype html><html lang="en"><meta charset="utf-8"><title>{escape(title)}</title><style>{STYLE}</style>'
    yield f"<h1>Scenarios</h1><p>{escape(title)}</p>"
    for outcome in sorted(outcomes, key=lambda each: RANK.get(each.status, 2)):
        yield from _outcome(outcome)
    yield "</html>"


def _outcome(outcome: Outcome) -> Iterator[str]:
    opened = " open" if outcome.status in ("failed", "broke") else ""
    yield f"<details{opened}><summary><span class={outcome.status}>{outcome.status}</span>"
    yield f"<span>{escape(outcome.name)}</span><span>{escape(outcome.intent)}</span>"
    yield f"<span>{outcome.seconds:.2f} s</span></summary>"
    told_of = f"round {outcome.round}, seed {outcome.seed}, {outcome.backend}, sandbox {outcome.sandbox}"
    yield f"<p>{escape(outcome.file)}: {escape(told_of)}</p>"
    if outcome.status != "held":
        yield f"<pre>{escape(chr(10).join(told(outcome)))}</pre>"
    yield "<table>"
    for step in outcome.steps:
        mark = "held" if step.ok else "failed"
        where = step.where.rpartition(":")[2]
        pad = f' style="padding-left:{0.5 + 1.5 * step.depth}rem"'
        took = f"<td>{step.seconds * 1_000:.0f} ms</td>"
        yield f"<tr><td>{where}</td><td class={mark}{pad}>{escape(step.title)}</td>{took}</tr>"
    yield "</table></details>"
