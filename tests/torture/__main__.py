"""``make torture N=1000 SEED=1``: so many rounds, each on a seed of its own; goes on where the last run stopped.

The log is build/torture-SEED.jsonl, a line a round. A failing round ends the run, leaves its logs in
build/torture-SEED.ROUND and prints how to play it again.
"""

import argparse
import asyncio
import json
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path

from tests.e2e.tool import Tool
from tests.e2e.trading import Place
from tests.torture.rounds import Round, play
from tests.torture.summary import PAGE, with_result
from tests.torture.victims import all_victims

ROOT = Path(__file__).parents[2]
A_SANDBOX = 20
"""Rounds before a fresh one: an audit reads everything that a sandbox has done."""
FAST = {"TRADECTL_NOTIFICATIONS__MAILS_PER_SECOND": "200"}
"""Each round waits for its mails."""


def main() -> int:
    """Play what is missing."""
    asked = _arguments()
    log = ROOT / "build" / f"torture-{asked.seed}.jsonl"
    log.parent.mkdir(exist_ok=True)
    played = {row.number for row in read(log) if not row.wrong}
    missing = [number for number in range(1, asked.rounds + 1) if number not in played]
    if asked.only:
        missing = [asked.only]
    print(f"{len(played)} rounds of seed {asked.seed} are played, {len(missing)} to go", file=sys.stderr)
    for wrong in side_by_side(asked, missing, log):
        print(f"round {wrong.number} failed: {wrong.strike}: {wrong.wrong}", file=sys.stderr)
        print(f"again: python -m tests.torture 1 --seed {asked.seed} --only {wrong.number}", file=sys.stderr)
        return 1
    if asked.docs:
        page = with_result(PAGE.read_text(encoding="utf-8"), read(log), datetime.now(UTC).date())
        PAGE.write_text(page, encoding="utf-8")
    print(f"{len(read(log))} rounds of seed {asked.seed}: clean")
    return 0


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m tests.torture", description=__doc__)
    parser.add_argument("rounds", type=int)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--sandboxes", type=int, default=1, help="side by side, each with rounds of its own")
    parser.add_argument("--only", type=int, help="play this round alone")
    parser.add_argument("--victims", nargs="+", choices=all_victims(), default=all_victims())
    parser.add_argument("--docs", action="store_true", help="put the result into docs/reference/reliability.md")
    return parser.parse_args()


def side_by_side(asked: argparse.Namespace, missing: Sequence[int], log: Path) -> Iterator[Round]:
    """Play in so many sandboxes at a time; after a round that failed none begins anew."""
    failed: list[Round] = []

    def play_some(start: int) -> None:
        if failed:
            return
        if wrong := asyncio.run(some(asked.seed, missing[start : start + A_SANDBOX], asked.victims, log)):
            failed.append(wrong)

    with ThreadPoolExecutor(asked.sandboxes) as threads:
        list(threads.map(play_some, range(0, len(missing), A_SANDBOX)))
    yield from failed


async def some(seed: int, numbers: Sequence[int], victims: Sequence[str], log: Path) -> Round | None:
    """Rounds in one sandbox; the first that failed."""
    on = commit()
    with containers() as place:
        async with place.client() as http:
            traders = await asyncio.gather(*(place.trader(http, name, seed).enter() for name in ("ann", "bob")))
            for number in numbers:
                done = await play(place, traders, seed, number, victims, on)
                with log.open("a", encoding="utf-8") as file:
                    file.write(json.dumps(done.row()) + "\n")
                told = done.wrong or "clean"
                print(f"{done.number:5} {done.strike:40} {done.settled:6.1f} s  {told}", file=sys.stderr)
                if done.wrong:
                    shutil.copytree(place.tool.sandbox() / "logs", log.with_suffix(f".{number}"), dirs_exist_ok=True)
                    return done
    return None


@contextmanager
def containers() -> Iterator[Place]:
    """A sandbox on containers in a home of its own."""
    with tempfile.TemporaryDirectory(prefix="tradectl-torture-") as home:
        tool = Tool(Path(home))
        try:
            tool.ok("up", "--quiet", "--backend", "containers", **FAST)
            yield Place(tool)
        finally:
            tool.run("down")


def commit() -> str:
    """What is played on, as git names it."""
    asked = ["git", "-C", str(ROOT), "describe", "--always", "--dirty"]
    return subprocess.run(asked, capture_output=True, text=True, check=False).stdout.strip()


def read(log: Path) -> list[Round]:
    """The rounds of a log; the last word on each."""
    if not log.exists():
        return []
    rows = [Round(**json.loads(line)) for line in log.read_text(encoding="utf-8").splitlines()]
    return list({row.number: row for row in rows}.values())


if __name__ == "__main__":
    sys.exit(main())
