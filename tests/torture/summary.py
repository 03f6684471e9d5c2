"""docs/reference/reliability.md: what the last whole run of torture found."""

from collections import Counter, defaultdict
from collections.abc import Iterator, Sequence
from datetime import date
from pathlib import Path
from statistics import median

from tests.torture.rounds import Round

PAGE = Path(__file__).parents[2] / "docs/reference/reliability.md"
BEGIN, END = "<!-- torture: begin -->\n", "<!-- torture: end -->\n"


def with_result(page: str, rounds: Sequence[Round], day: date) -> str:
    """The page with this run between its marks."""
    before, _, rest = page.partition(BEGIN)
    _, _, after = rest.partition(END)
    return f"{before}{BEGIN}\n" + "\n".join(lines(rounds, day)) + f"\n\n{END}{after}"


def lines(rounds: Sequence[Round], day: date) -> Iterator[str]:
    """A sentence and a table by what was struck."""
    seeds = ", ".join(str(seed) for seed in sorted({each.seed for each in rounds}))
    clean = sum(not each.wrong for each in rounds)
    orders = sum(each.orders for each in rounds)
    yield f"{day}: {len(rounds)} rounds of seed {seeds}, {clean} clean, {orders} orders."
    commits = Counter(each.commit for each in rounds if each.commit)
    if commits:
        yield f"Played on {', '.join(f'{commit} ({count})' for commit, count in commits.items())}."
    yield ""
    yield "| victim | way | rounds | clean | strike to settled, median s | longest s |"
    yield "|---|---|---|---|---|---|"
    for (victim, way), some in sorted(grouped(rounds).items()):
        times = [each.settled for each in some]
        good = sum(not each.wrong for each in some)
        yield f"| {victim} | {way} | {len(some)} | {good} | {median(times):.1f} | {max(times):.1f} |"


def grouped(rounds: Sequence[Round]) -> dict[tuple[str, str], list[Round]]:
    """Rounds by victim and way."""
    found: dict[tuple[str, str], list[Round]] = defaultdict(list)
    for each in rounds:
        way = each.strike.partition(f" {each.victim}")[0]
        found[each.victim, way].append(each)
    return found
