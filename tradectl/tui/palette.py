"""The palette: every action that has a key here, the screens, themes; and the search for a symbol."""

from collections.abc import Iterator
from functools import partial
from typing import TYPE_CHECKING

from tradectl.looks import themes
from tradectl.tui.finder import Offer
from tradectl.tui.keys import distinct
from tradectl.tui.screens import PANES
from tradectl.tui.words import t

if TYPE_CHECKING:
    from tradectl.tui.app import Terminal


def actions(app: "Terminal") -> Iterator[Offer]:
    """Whatever a key does where the focus is, then screens, themes."""
    for key, (node, binding, _, _) in distinct(app.screen.active_bindings):
        if not binding.action.startswith("go("):
            act = partial(app.run_action, binding.action, node)
            yield Offer(t(binding.description), act, t("palette.key", pressed=binding.key_display or key))
    for n, name in enumerate(PANES, 1):
        title = t("palette.go", name=t(f"{name}.title"))
        yield Offer(title, partial(app.action_go, name), t("palette.key", pressed=n))
    for name in themes.NAMES:
        yield Offer(t("palette.theme", name=t(f"theme.{name}")), partial(setattr, app, "theme", name))


def symbols(app: "Terminal") -> Iterator[Offer]:
    """Instruments by symbol and name."""
    for symbol, instrument in app.desk.state.instruments.items():
        yield Offer(f"{symbol}  {instrument.name}", partial(app.desk.look_at, symbol), instrument.currency)
