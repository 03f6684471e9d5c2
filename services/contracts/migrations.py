"""What a migration says of itself, read without running it: by the service that runs it and by who releases it."""

import ast
from collections.abc import Iterable
from pathlib import Path

EXPAND, CONTRACT = "expand", "contract"
"""What the release before can live with, and what it cannot."""


def revisions(folder: Path) -> list[str]:
    """The ids of a folder's revisions, oldest first; LookupError when there is none."""
    known = sorted(path.stem for path in (folder / "versions").glob("*.py"))
    if not known:
        raise LookupError(f"{folder} has no revisions")
    return known


def marks(folder: Path) -> dict[str, str]:
    """What each revision is, by its id and in their order; LookupError where one does not say."""
    return {revision: _mark(folder / "versions" / f"{revision}.py") for revision in revisions(folder)}


def late(missing: Iterable[tuple[str, str]]) -> list[str]:
    """Of revisions with their marks, in their order: those that expand behind one that contracts."""
    found: list[str] = []
    contracted = False
    for revision, mark in missing:
        contracted = contracted or mark == CONTRACT
        if contracted and mark == EXPAND:
            found.append(revision)
    return found


def _mark(path: Path) -> str:
    for line in ast.parse(path.read_text(encoding="utf-8")).body:
        if isinstance(line, ast.Assign) and ast.unparse(line.targets[0]) == "mark":
            said = ast.literal_eval(line.value)
            if said in {EXPAND, CONTRACT}:
                return str(said)
    raise LookupError(f'{path} does not say what it does: mark = "{EXPAND}" or "{CONTRACT}"')
