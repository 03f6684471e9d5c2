"""Habits of the house that no linter knows."""

import ast
import re
from collections.abc import Callable
from pathlib import Path

from tests.architecture.tree import ROOT, files, parsed
from tradectl.stack.topology import NETWORK, PARTS

NAMELESS = {"common", "helper", "helpers", "misc", "util", "utils"}
# Spelled so that this file does not hold what it looks for.
REGISTRY = re.compile(
    r"pypi[.]org|python[h]osted|npm[j]s[.]|--(?:extra-)?index[-]url[ =]|--find[-]links[ =]"
    r"|\bindex[-]url\s*=|https?://[^\s\"']*(?:artifactory|nexus|/simple\b)"
)

KEY = b" PRIVATE " + b"KEY-----"


def test_every_module_has_a_noun_for_a_name() -> None:
    assert not [str(path) for path in files("*.py") if NAMELESS & {path.stem, *path.parent.parts}]


def test_no_file_holds_the_address_of_a_package_registry() -> None:
    texts = {path: (ROOT / path).read_text(encoding="utf-8", errors="replace") for path in files()}
    assert not {str(path): found[0] for path, text in texts.items() if (found := REGISTRY.search(text))}


def test_nothing_is_left_to_be_implemented() -> None:
    assert not _places("*.py", _raises_not_implemented)


def test_no_test_sleeps() -> None:
    assert not [place for place in _places("tests/*.py", _sleeps) if not place.startswith("tests/eventually.py")]


def test_a_line_is_logged_in_the_name_of_the_part_that_it_is_of() -> None:
    """What several parts share is told in the name of who uses it, or of the process."""
    own = {path: frozenset({path.parts[1]}) for path in files("services/*.py")}
    simulated = dict.fromkeys(files("sim/*.py"), frozenset((*PARTS, NETWORK)))
    assert {str(path): wrong for path, names in {**own, **simulated}.items() if (wrong := _loggers(path) - names)} == {}


def _loggers(path: Path) -> set[str]:
    """Names that are spelled out where a log is made."""
    return {
        str(node.args[0].value)
        for node in ast.walk(parsed(path))
        if isinstance(node, ast.Call)
        and ast.unparse(node.func) in {"log.logger", "log.line", "logger", "line"}
        and node.args
        and isinstance(node.args[0], ast.Constant)
    }


def _places(pattern: str, is_one: Callable[[ast.AST], bool]) -> list[str]:
    return [
        f"{path}:{getattr(node, 'lineno', 0)}"
        for path in files(pattern)
        for node in ast.walk(parsed(path))
        if is_one(node)
    ]


def _raises_not_implemented(node: ast.AST) -> bool:
    return isinstance(node, ast.Raise) and node.exc is not None and "NotImplementedError" in ast.dump(node.exc)


def _sleeps(node: ast.AST) -> bool:
    """Whether this is a call of sleep for more than one turn of the event loop."""
    if not isinstance(node, ast.Call) or ast.unparse(node.func) not in {"asyncio.sleep", "time.sleep", "sleep"}:
        return False
    return [ast.unparse(argument) for argument in node.args] != ["0"]


def test_no_private_key_is_kept() -> None:
    """Certificates are made where they are needed; a key that was kept once is known for ever."""
    assert [str(path) for path in files() if path.parts[0] != "tests" and KEY in (ROOT / path).read_bytes()] == []
