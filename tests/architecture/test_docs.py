"""What the pages say is so: commands parse, make targets and linked files exist, codes are the code's own."""

import ast
import re
import shlex
from collections.abc import Iterator
from itertools import pairwise
from pathlib import Path

import pytest
from typer.core import TyperCommand, TyperGroup

from services.kernel.problems import CODES
from tests.architecture.tree import ROOT
from tradectl.cli.verbs import VERBS, load

PAGES = sorted([ROOT / "README.md", ROOT / "CHANGELOG.md", *(ROOT / "docs").rglob("*.md")])
BLOCK = re.compile(r"^```(\w*)\n(.*?)^```", re.MULTILINE | re.DOTALL)
SPAN = re.compile(r"`([^`\n]+)`")
LINK = re.compile(r"\]\(([^)#\s]+)(?:#[^)]*)?\)")
TRADECTL = re.compile(r"(?:^|[\s(/])tradectl ((?:[a-z-]|$).*)")
MAKE = re.compile(r"(?:^|\s)make ([a-z]+)")
ENDS = re.compile(r"\s*(?:[|)>;#]|2>|&&).*")
"""What ends a command in a shell line of the guides."""
DECISION = re.compile(r"(\d{4})-[a-z0-9-]+\.md")


def name(page: Path) -> str:
    return str(page.relative_to(ROOT))


def code(page: Path) -> Iterator[str]:
    """Spans, and lines of blocks for the shell."""
    text = page.read_text(encoding="utf-8")
    for language, block in BLOCK.findall(text):
        if language == "sh":
            yield from block.splitlines()
    yield from SPAN.findall(BLOCK.sub("", text))


def commands(page: Path) -> Iterator[str]:
    """What follows ``tradectl`` on each line."""
    for line in code(page):
        found = TRADECTL.search(line)
        if found:
            yield ENDS.sub("", found[1])


def parse(command: TyperCommand | TyperGroup, words: list[str]) -> None:
    """Raises what a user would be told."""
    if isinstance(command, TyperGroup) and words:
        command, words = command.commands[words[0]], words[1:]  # type: ignore[assignment]
    if isinstance(command, TyperCommand) and words:
        command.make_context("tradectl", words)


@pytest.mark.parametrize("page", PAGES, ids=name)
def test_every_command_that_is_named_can_be_typed(page: Path) -> None:
    for line in commands(page):
        verb, *words = shlex.split(line)
        if verb.startswith("-"):
            continue
        assert verb in VERBS, f"tradectl {line}"
        parse(load(verb), words)


@pytest.mark.parametrize("page", PAGES, ids=name)
def test_every_make_target_that_is_named_exists(page: Path) -> None:
    targets = re.findall(r"^([a-z]+):", (ROOT / "Makefile").read_text(encoding="utf-8"), re.MULTILINE)
    named = {target for line in code(page) for target in MAKE.findall(line.partition("#")[0])}
    assert named <= set(targets)


@pytest.mark.parametrize("page", PAGES, ids=name)
def test_every_link_leads_to_a_file(page: Path) -> None:
    links = LINK.findall(BLOCK.sub("", page.read_text(encoding="utf-8")))
    missing = [link for link in links if "://" not in link and not (page.parent / link).exists()]
    assert missing == []


def test_the_readme_lists_every_command() -> None:
    rows = re.findall(r"^\| `tradectl ([a-z]+)` \|", (ROOT / "README.md").read_text(encoding="utf-8"), re.MULTILINE)
    assert rows == list(VERBS)


def test_decisions_are_numbered_without_holes_and_have_their_three_parts() -> None:
    pages = sorted((ROOT / "docs" / "decisions").iterdir())
    numbers = [int(found[1]) for page in pages if (found := DECISION.fullmatch(page.name))]
    assert len(numbers) == len(pages)
    assert all(after == before + 1 for before, after in pairwise(numbers)), numbers
    for number, page in zip(numbers, pages, strict=True):
        text = page.read_text(encoding="utf-8")
        assert text.startswith(f"# {number}. "), page.name
        assert all(f"**{part}.**" in text for part in ("Context", "Choice", "Consequence")), page.name


def test_every_code_of_a_refusal_is_listed_and_none_that_is_gone() -> None:
    listed = (ROOT / "docs" / "guides" / "trader-api.md").read_text(encoding="utf-8")
    table = listed[listed.index("| status | codes |") :].split("\n\n", 1)[0]
    shown = set(re.findall(r"`([a-z_]+)`", table))
    socket = (ROOT / "docs" / "websocket.md").read_text(encoding="utf-8")
    known = set(CODES.values()) | set(raised("services"))
    assert shown <= known, f"listed, but nowhere in the code: {sorted(shown - known)}"
    missing = {each for each in known - shown if f"`{each}`" not in socket}
    assert not missing, f"in neither trader-api.md nor websocket.md: {sorted(missing)}"


def raised(*places: str) -> Iterator[str]:
    """Codes of errors that are made there: ``DomainError("code", …)``, and the same in its subclasses."""
    for place in places:
        path = ROOT / place
        for module in [path] if path.is_file() else path.rglob("*.py"):
            for node in ast.walk(ast.parse(module.read_text(encoding="utf-8"))):
                if isinstance(node, ast.Call) and is_refusal(node):
                    first = node.args[0]
                    if isinstance(first, ast.Constant) and isinstance(first.value, str):
                        yield first.value


def is_refusal(call: ast.Call) -> bool:
    """Two arguments or more, the second an HTTP status."""
    named = ast.unparse(call.func)
    if named not in {"DomainError", "super().__init__"} or len(call.args) < 2:
        return False
    status = call.args[1]
    return named == "DomainError" or (isinstance(status, ast.Constant) and isinstance(status.value, int))
