"""`python -m tradectl.cli.pictures`: docs/pictures/smoke.svg, of what the tool itself wrote in a sandbox of its own."""

import os
import re
import subprocess
import sys
import tempfile
from io import StringIO
from pathlib import Path

from rich.console import Console
from rich.text import Text

from tradectl.cli.output import PIPE_WIDTH

FILE = Path(__file__).parents[2] / "docs" / "pictures" / "smoke.svg"
TRADECTL = Path(sys.executable).with_name("tradectl")
FONT_FACES = re.compile(r"\s*@font-face \{.*?\}", re.DOTALL)
"""Rich names a font of a site; whoever looks at the picture has a monospaced one."""


def main() -> None:
    """Start, trade, stop; then draw."""
    with tempfile.TemporaryDirectory() as home:
        shown = [*prompted("up", home, progress=True), Text(), *prompted("smoke", home)]
        written("down", home)
    FILE.parent.mkdir(parents=True, exist_ok=True)
    FILE.write_text(drawn(shown), encoding="utf-8")


def prompted(verb: str, home: str, *, progress: bool = False) -> list[Text]:
    """A command as it is typed, and the lines that it writes."""
    output = Text.from_ansi(written(verb, home, progress=progress)).split(allow_blank=True)
    return [Text.assemble(("$ ", "bold"), f"tradectl {verb}"), *output]


def written(verb: str, home: str, *, progress: bool = False) -> str:
    """What a command writes to a terminal; its progress goes to stderr."""
    path = os.pathsep.join((str(TRADECTL.parent), os.environ["PATH"]))
    environment = {
        **os.environ,
        "TRADECTL_HOME": home,
        "TRADECTL_BACKEND": "embedded",
        "FORCE_COLOR": "1",
        "PATH": path,
    }
    errors = subprocess.STDOUT if progress else subprocess.DEVNULL
    done = subprocess.run(
        [TRADECTL, verb], env=environment, stdout=subprocess.PIPE, stderr=errors, text=True, check=False
    )
    if done.returncode:
        raise SystemExit(f"tradectl {verb} ended with {done.returncode}\n{done.stdout}")
    return done.stdout


def drawn(lines: list[Text]) -> str:
    """The lines as an SVG of a terminal that is just wide enough."""
    for line in lines:
        line.rstrip()
    width = max(line.cell_len for line in lines)
    console = Console(record=True, width=min(width, PIPE_WIDTH), file=StringIO(), highlight=False)
    for line in lines:
        console.print(line)
    return FONT_FACES.sub("", console.export_svg(title="tradectl", unique_id="smoke"))


if __name__ == "__main__":
    main()
