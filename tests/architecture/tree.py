"""The project's files as git sees them: committed ones, and new ones that are not ignored."""

import ast
import subprocess
import sys
from collections.abc import Iterator
from functools import cache
from pathlib import Path

ROOT = Path(__file__).parents[2]

Function = ast.FunctionDef | ast.AsyncFunctionDef


@cache
def files(*patterns: str) -> tuple[Path, ...]:
    """Paths relative to the root that match one of git's patterns; all without any."""
    command = ["git", "ls-files", "--cached", "--others", "--exclude-standard", "--", *patterns]
    listing = subprocess.run(command, cwd=ROOT, check=True, capture_output=True, text=True).stdout
    return tuple(Path(line) for line in sorted(set(listing.splitlines())) if (ROOT / line).is_file())


def program(name: str) -> str:
    """A program of the environment that the tests run in."""
    return str(Path(sys.executable).with_name(name))


@cache
def parsed(module: Path) -> ast.Module:
    return ast.parse((ROOT / module).read_text(encoding="utf-8"), str(module))


def functions() -> Iterator[tuple[str, int]]:
    """Each function as `path:line: name` and its length in lines, signature and docstring included."""
    for module in files("*.py"):
        for node in ast.walk(parsed(module)):
            if isinstance(node, Function):
                yield f"{module}:{node.lineno}: {node.name}", (node.end_lineno or node.lineno) - node.lineno + 1
