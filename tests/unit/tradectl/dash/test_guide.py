"""The guide's table of keys is the bindings' own."""

import re

from tests.architecture.tree import ROOT
from tradectl.dash.app import PANES, Dash

ROW = re.compile(r"^\| (`[^|]+`) \| ([A-Za-z]+) \|", re.MULTILINE)
SHOWN = {"slash": "/", "plus": "+", "minus": "-", "question_mark": "?", "escape": "esc"}
"""As the guide writes what Textual names otherwise."""
ALSO = {"equals_sign"}
"""A second key for the same."""


def bound(owner: type) -> set[str]:
    """The keys of a tab or of the dash, without the numbers of the tabs."""
    keys = {key for binding in owner.BINDINGS for key in binding.key.split(",")}  # type: ignore[attr-defined]
    return {SHOWN.get(key, key) for key in keys - ALSO if not key.isdigit()}


def test_the_table_of_keys_is_complete_and_names_none_that_is_gone() -> None:
    guide = (ROOT / "docs" / "guides" / "dash.md").read_text(encoding="utf-8")
    told: dict[str, set[str]] = {}
    for keys, where in ROW.findall(guide[guide.index("## Keys") :]):
        told.setdefault(where.lower(), set()).update(re.findall(r"`([^`]+)`", keys))
    owners: dict[str, type] = {"everywhere": Dash, **PANES}
    used = {name: bound(owner) for name, owner in owners.items()}
    assert told == {name: keys for name, keys in used.items() if keys}
