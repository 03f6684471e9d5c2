"""The migrations of a checkout, read and not run."""

import ast
from collections.abc import Iterator
from pathlib import Path
from typing import cast

from tradectl.errors import ExitCode, TradectlError
from tradectl.release.record import Mark, Migration
from tradectl.stack.topology import Topology

FOLDER = "services/{service}/migrations/versions"


def migrations(root: Path, topology: Topology) -> Iterator[Migration]:
    """Every service's, oldest first."""
    for service in topology.services:
        if service.database:
            for path in sorted((root / FOLDER.format(service=service.name)).glob("*.py")):
                yield Migration(service=service.name, revision=path.stem, mark=mark(path))


def mark(path: Path) -> Mark:
    """``expand`` or ``contract``, as the file says; TradectlError when it does not."""
    for line in ast.parse(path.read_text(encoding="utf-8")).body:
        if isinstance(line, ast.Assign) and ast.unparse(line.targets[0]) == "mark":
            said = ast.literal_eval(line.value)
            if said in {"expand", "contract"}:
                return cast("Mark", said)
    raise TradectlError(f"{path} does not say what it does", 'mark = "expand", or "contract"', ExitCode.BAD_INPUT)
