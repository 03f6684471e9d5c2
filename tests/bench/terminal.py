"""The trader's terminal at 160 × 48 while 2,000 quotes a second reach it: its share of a core, redraws, echo; the demo.

By a real pseudo-terminal (`tradectl tui` and `tradectl demo` as a trader runs them), and in process by Textual's pilot.
"""

import asyncio
import fcntl
import os
import pty
import select
import struct
import subprocess
import sys
import tempfile
import termios
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from functools import partial
from pathlib import Path
from statistics import quantiles

from textual.widgets import Input

from tests.bench.figures import Figure, figure
from tests.bench.sandbox import TRADECTL
from tests.cells import Cells
from tests.eventually import eventually
from tradectl.desk.entry import Entry
from tradectl.tui.app import Settings, Terminal

SIZE = (160, 48)
WHO = ("busy@example.org", "correct horse battery")
ROUNDS = 3
WARM = 3.0
SECONDS = 10.0
KEYS = 200
"""Of which the two slowest are the hundredth part."""
PAUSE = 0.05
"""Between two keys, as a fast typist's, so that redraws fall between them in every way."""
GAP = 0.02
"""Seconds without output between two redraws."""
MARKS = "".join(chr(0x1401 + number) for number in range(KEYS))
"""Letters that stand nowhere else on the screen (Canadian syllabics), so that each one's echo is known."""
PATIENCE = 60.0
"""Seconds for the demo's fill, and for its end."""
TICKS = os.sysconf("SC_CLK_TCK")


@contextmanager
def busy_door() -> Iterator[str]:
    """The address of a market that never rests, in a process of its own."""
    command = [sys.executable, "-m", "tests.bench.busy_door"]
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) as process:
        assert process.stdout is not None
        assert process.stdin is not None
        yield process.stdout.readline().strip()
        process.stdin.close()


class Screen:
    """`tradectl` on a pseudo-terminal, with a home of its own; what it writes is read as it comes."""

    def __init__(self, home: Path, *command: str) -> None:
        self.master, slave = pty.openpty()
        fcntl.ioctl(slave, termios.TIOCSWINSZ, struct.pack("HHHH", SIZE[1], SIZE[0], 0, 0))
        own = {"TRADECTL_PASSWORD": WHO[1], "TERM": "xterm-256color", "COLORTERM": "truecolor"}
        self.environment = {**os.environ, **own, "TRADECTL_HOME": str(home), "LANG": "C.UTF-8"}
        self.process = subprocess.Popen(
            [TRADECTL, *command],
            stdin=slave, stdout=slave, stderr=slave, env=self.environment, start_new_session=True,
        )  # fmt: skip
        os.close(slave)

    def read(self, until: float, mark: bytes = b"") -> tuple[bytes, list[float]]:
        """What is written before that moment, or until ``mark`` is; and when each piece came. OSError at its end."""
        seen, times = b"", []
        while (left := until - time.perf_counter()) > 0:
            if not select.select([self.master], [], [], left)[0]:
                break
            seen += os.read(self.master, 1 << 16)
            times.append(time.perf_counter())
            if mark and mark in seen:
                return seen, times
        return seen, times

    def wait(self, mark: str, patience: float = 30) -> None:
        """RuntimeError where it is not written in time."""
        seen, _ = self.read(time.perf_counter() + patience, mark.encode())
        if mark.encode() not in seen:
            cells = Cells()
            cells.feed(seen)
            raise RuntimeError(f"the terminal did not show {mark!r}:\n{cells.text}")

    def type(self, text: str) -> None:
        os.write(self.master, text.encode())

    def drain(self) -> None:
        """Read on until the command has ended; TimeoutExpired where it does not."""
        with suppress(OSError):
            self.read(time.perf_counter() + PATIENCE)
        self.process.wait(1)

    @property
    def cpu(self) -> float:
        """Seconds of a core, so far."""
        fields = Path(f"/proc/{self.process.pid}/stat").read_text(encoding="utf-8").rpartition(")")[2].split()
        return (int(fields[11]) + int(fields[12])) / TICKS

    def close(self) -> None:
        self.process.kill()
        self.process.wait()
        os.close(self.master)


def redraws(times: list[float]) -> int:
    """Pieces that follow each other at once are one redraw."""
    return sum(1 for before, after in zip([0.0, *times], times, strict=False) if after - before > GAP)


def by_pseudo_terminal(door: str) -> tuple[float, float, float]:
    """Per cent of a core, redraws a second, milliseconds of the echo at p99."""
    with tempfile.TemporaryDirectory() as home:
        screen = Screen(Path(home), "tui", "--url", door, "--email", WHO[0])
        try:
            screen.wait("live")
            screen.read(time.perf_counter() + WARM)
            begin, before = time.perf_counter(), screen.cpu
            _, times = screen.read(begin + SECONDS)
            took = time.perf_counter() - begin
            share = 100 * (screen.cpu - before) / took
            return share, redraws(times) / took, p99(echoes(screen))
        finally:
            screen.close()


def demo() -> float:
    """Seconds from `tradectl demo`, where nothing is up, until a fill is on the screen; what was started is gone."""
    with tempfile.TemporaryDirectory() as home:
        begin, screen = time.perf_counter(), Screen(Path(home), "demo")
        try:
            screen.wait("Filled at", PATIENCE)
            took = time.perf_counter() - begin
            screen.type("q")
            screen.drain()
        finally:
            screen.close()
            subprocess.run([TRADECTL, "down"], env=screen.environment, capture_output=True, check=False)
    return took


def echoes(screen: Screen) -> list[float]:
    """Milliseconds from a key in the search field to its letter on the screen."""
    screen.type("/")
    screen.wait("ymbol or name")  # its first letter has the cursor
    screen.read(time.perf_counter() + 1)
    found = []
    for letter in MARKS:
        begin = time.perf_counter()
        screen.type(letter)
        screen.wait(letter)
        found.append(1_000 * (time.perf_counter() - begin))
        screen.read(time.perf_counter() + PAUSE)
    return found


async def by_pilot(door: str) -> float:
    """Milliseconds at p99 from a key in the search field until the screen has been drawn with its letter."""
    app = Terminal(Entry(door, *WHO), Settings())
    found = []
    async with app.run_test(size=SIZE) as pilot:
        await eventually(lambda: app.signed_in and app.desk.state.link.status == "live")
        await pilot.press("slash")
        await eventually(lambda: app.screen.query(Input))
        field = app.screen.query_one(Input)
        for letter in MARKS:
            drawn, wanted = asyncio.Event(), field.value + letter
            begin = time.perf_counter()
            app.simulate_key(letter)
            await eventually(partial(holds, field, wanted), every=0)
            app.call_after_refresh(drawn.set)
            await drawn.wait()
            found.append(1_000 * (time.perf_counter() - begin))
            await pilot.pause(PAUSE)
    return p99(found)


def holds(field: Input, value: str) -> bool:
    """Whether this is what the field has."""
    return field.value == value


def p99(values: list[float]) -> float:
    """The 99th of a hundred."""
    return quantiles(values, n=100)[-1]


def measure() -> list[Figure]:
    """Rounds on a machine that does nothing else."""
    with busy_door() as door:
        rounds = [by_pseudo_terminal(door) for _ in range(ROUNDS)]
        piloted = [asyncio.run(by_pilot(door)) for _ in range(ROUNDS)]
    toured = [demo() for _ in range(ROUNDS)]
    shares, rates, echoed = zip(*rounds, strict=True)
    at = "the terminal at 160 × 48 and 2,000 quotes a second"
    return [
        figure(f"{at}: share of a core, %", shares, 35, "low", " %"),
        figure(f"{at}: redraws a second", rates, 9.9, "high"),  # one of a hundred may fall out of the window
        figure(f"{at}: key → echo on a pseudo-terminal, p99, ms", echoed, 50, "low", " ms"),
        figure(f"{at}: key → drawn by the pilot, p99, ms", piloted, 50, "low", " ms"),
        figure("tradectl demo, from nothing until a fill is on the screen, s", toured, 20, "low", " s"),
    ]
