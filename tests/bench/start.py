"""Starting: `tradectl up` against importing what the ready host has imported, `--help` against typer's own renderer."""

import json
import subprocess
import sys
import time
from pathlib import Path

from tests.bench.figures import PAIRS, Figure, figure
from tests.bench.sandbox import NAME, TRADECTL, fresh_home, tradectl

OURS = ("tradectl", "services", "sim", "scenarios", "tests", "__main__", "__mp_main__")


def seconds(*command: str) -> float:
    """Wall time of a process that must succeed."""
    begin = time.perf_counter()
    subprocess.run(command, check=True, capture_output=True)
    return time.perf_counter() - begin


def foreign(home: Path) -> str:
    """A program that imports the modules from elsewhere that the ready host has in sys.modules."""
    tradectl(home, "up")
    program = imports_of(home, "host")
    tradectl(home, "down")
    return program


def imports_of(home: Path, child: str) -> str:
    """The same of a child of a sandbox that is up."""
    told = (home / "sandboxes" / NAME / "modules" / f"{child}.json").read_text(encoding="utf-8")
    names = [name for name in json.loads(told)["modules"] if name.partition(".")[0] not in OURS]
    return (
        "import importlib, contextlib\n"
        f"for name in {names!r}:\n"
        "    with contextlib.suppress(ImportError):\n"
        "        importlib.import_module(name)\n"
    )


def measure() -> list[Figure]:
    """Both starts, with and without a state that is there, and the help page."""
    first, existing, helped = [], [], []
    with fresh_home() as home:
        program = home / "imports.py"
        program.write_text(foreign(home), encoding="utf-8")
        for _ in range(PAIRS):
            imports = seconds(sys.executable, str(program))
            first.append(tradectl(home, "up") / imports)
            tradectl(home, "down", "--keep-data")
            existing.append(tradectl(home, "up") / seconds(sys.executable, str(program)))
            tradectl(home, "down")
            renderer = seconds(sys.executable, "-c", "import typer.rich_utils")
            helped.append(seconds(TRADECTL, "--help") / renderer)
    return [
        figure("tradectl up ÷ its foreign imports, existing state", existing, 2.0, "low"),
        figure("tradectl up ÷ its foreign imports, the first time", first, 2.8, "low"),
        figure("tradectl --help ÷ importing typer.rich_utils", helped, 1.2, "low"),
    ]
