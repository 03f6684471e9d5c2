"""The guide's table of keys says what the terminal's bindings are."""

import re
from collections.abc import Iterable
from pathlib import Path

from textual.binding import Binding, BindingType
from textual.dom import DOMNode

from tradectl.tui.app import Terminal
from tradectl.tui.screens import PANES
from tradectl.tui.screens.trade.form import TicketForm
from tradectl.tui.words import WORDS

GUIDE = Path(__file__).parents[4] / "docs/guides/terminal.md"
ROW = re.compile(r"^\| (?P<keys>`.+?) \| (?P<where>[a-z, ]+) \| ", re.MULTILINE)
SHORT = {"enter": "Enter", "escape": "Esc"}
TABS = {str(number) for number in range(1, len(PANES) + 1)}
PLACES: dict[str, type[DOMNode]] = {"everywhere": Terminal, "ticket": TicketForm, **PANES}


def told() -> dict[str, set[str]]:
    """Keys by place, as the guide has them."""
    found: dict[str, set[str]] = {place: set() for place in PLACES}
    table = GUIDE.read_text(encoding="utf-8").partition("\n## Keys\n")[2].partition("\n## ")[0]
    for row in ROW.finditer(table):
        for place in row["where"].split(", "):
            found[place] |= set(re.findall(r"`([^`]+)`", row["keys"]))
    return found


def bound(bindings: Iterable[BindingType]) -> set[str]:
    """Keys that have words, as a keyboard names them; of two for one action the first."""
    return {
        SHORT.get(first, each.key_display or first)
        for each in bindings
        if isinstance(each, Binding) and each.description in WORDS and (first := each.key.split(",")[0])
    }


def test_the_guide_has_every_key_and_no_other() -> None:
    keys = {place: bound(owner.BINDINGS) for place, owner in PLACES.items()}
    keys["everywhere"] -= {*TABS, "ctrl+q"}
    assert told() == keys
