"""The table in docs/reference/benchmarks.md: a figure that was measured anew takes the place of what it was."""

from collections.abc import Sequence
from datetime import date

from tests.bench.figures import Figure, table

BEGIN, END = "<!-- table: begin -->\n", "<!-- table: end -->"
HEAD = 2
"""Lines of a table before its first figure."""


def by_name(lines: Sequence[str]) -> dict[str, str]:
    """The lines of figures, each by the figure's name."""
    return {line.split(" | ")[0].removeprefix("| "): line for line in lines}


def with_table(page: str, rows: list[Figure], day: date) -> str:
    """The page with these figures in its table; those that were not measured stay as they are, with their day."""
    before, _, rest = page.partition(BEGIN)
    old, _, after = rest.partition(END)
    head, fresh = _split(table(rows, day))
    _, kept = _split(old.strip())
    lines = [*head, *(by_name(kept) | by_name(fresh)).values()]
    return f"{before}{BEGIN}\n" + "\n".join(lines) + f"\n\n{END}{after}"


def _split(text: str) -> tuple[list[str], list[str]]:
    lines = text.splitlines()
    return lines[:HEAD], lines[HEAD:]
