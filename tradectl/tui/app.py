"""The terminal's shell: signs in, keeps the desk going, shows one pane or two, and tells them what changed."""

import asyncio
from collections.abc import Awaitable, Callable
from contextlib import suppress
from dataclasses import dataclass
from decimal import Decimal
from itertools import pairwise
from typing import Any, ClassVar, TypeVar

from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Horizontal
from textual.screen import Screen

from tradectl.desk.account import Notification, OrderEvent
from tradectl.desk.desk import Desk
from tradectl.desk.entry import Entry
from tradectl.desk.failures import Failed, Refused, SignedOut
from tradectl.desk.state import EVERYTHING
from tradectl.looks import themes
from tradectl.looks.languages import following
from tradectl.looks.themed import Themed
from tradectl.tui import memory, palette, words
from tradectl.tui.alert import NewAlert
from tradectl.tui.dialogue import Dialogue
from tradectl.tui.edges import KeyLine, StatusLine, TabLine
from tradectl.tui.finder import Finder, Offer
from tradectl.tui.help import Help
from tradectl.tui.messages import OrderWanted, SymbolChosen
from tradectl.tui.news import News
from tradectl.tui.pane import Pane
from tradectl.tui.screens import PANES
from tradectl.tui.signin import SignIn
from tradectl.tui.toasts import toast
from tradectl.tui.undo import UndoLine
from tradectl.tui.words import said, t

EVERY = 0.1
"""Seconds between two drawings."""
GOODBYE = 1.0
"""Seconds that the platform has for what still waits, and again to end the session."""
DESPITE = frozenset({"quit", "press", "focus_next", "focus_previous"})
"""Actions that make sense whatever lies over the panes."""
T = TypeVar("T")


@dataclass(frozen=True)
class Settings:
    """How the terminal looks and speaks."""

    language: str = "en"
    theme: str = themes.DEFAULT
    ascii: bool = False
    demo: bool = False
    """Make a demo account without asking."""
    large: Decimal = Decimal(10_000)
    """Of an order's currency: one that costs more is asked about before it is sent."""


class Terminal(Themed):
    """With a desk that is open it begins at once, without one it asks who is there."""

    TITLE = "tradectl"
    CSS = """
    Screen { layout: vertical; layers: base dialogues; align: center middle; }
    #panes { height: 1fr; }
    """
    BINDINGS: ClassVar[list[BindingType]] = [
        *(Binding(str(n), f"go('{name}')", f"{name}.title", show=False) for n, name in enumerate(PANES, 1)),
        Binding("t", "ticket", "ticket.open"),
        Binding("c", "trade('cancel')", "trade.cancel", show=False),
        Binding("C", "trade('cancel_all')", "trade.cancel_all", show=False),
        Binding("r", "trade('replace')", "trade.replace", show=False),
        Binding("u", "undo", "key.undo"),
        Binding("v", "split", "key.split"),
        Binding("o", "other_pane", "key.other", show=False),
        Binding("w", "watch", "key.watch", show=False),
        Binding("N", "news", "key.news", show=False),
        Binding("exclamation_mark", "alert", "key.alert", key_display="!"),
        Binding("slash", "search", "key.search", key_display="/"),
        Binding("colon", "command_palette", "key.palette", key_display=":"),
        Binding("question_mark", "help", "key.help", key_display="?"),
        Binding("T", "next_theme", "key.theme", show=False),
        Binding("L", "next_language", "key.language", show=False),
        Binding("ctrl+q", "quit", "key.quit", show=False, priority=True),
        Binding("q", "quit", "key.quit"),
    ]

    desk: Desk

    def __init__(self, entry: Entry, settings: Settings = Settings(), desk: Desk | None = None) -> None:
        super().__init__(settings.theme, ascii_only=settings.ascii)
        self.entry = entry
        self.settings = settings
        self.shown: list[str] = [next(iter(PANES))]
        """Names of the panes on the screen, from left to right."""
        self._made: dict[str, Pane] = {}
        """Every pane that was ever shown, by its name."""
        self._given = desk
        self._dialogue: Dialogue[Any] | None = None
        words.use(settings.language)

    def compose(self) -> ComposeResult:
        yield TabLine()
        yield Horizontal(id="panes")
        yield UndoLine()
        yield StatusLine()
        yield KeyLine()

    async def on_mount(self) -> None:
        self.set_interval(EVERY, self.tick)
        if self._given is None:
            await self.ask_who("")
        else:
            await self.begin(self._given)

    async def ask_who(self, why: str) -> None:
        """Show the sign-in screen, and begin with the desk that it opens."""
        await self.push_screen(SignIn(self.entry, demo=self.settings.demo and not why, why=why), self._entered)

    async def _entered(self, desk: Desk | None) -> None:
        if desk is None:
            self.exit()
        else:
            await self.begin(desk)

    async def begin(self, desk: Desk) -> None:
        """Trade at this desk; what showed another one is gone."""
        if self.signed_in:
            await self.desk.client.wire.close()
        self.desk = desk
        await self.show_anew()
        self.run_worker(self._keep(desk), name="link", exit_on_error=True)

    async def _keep(self, desk: Desk) -> None:
        try:
            await desk.run()
        except SignedOut:
            await self.ask_who(t("signin.ended"))

    @property
    def signed_in(self) -> bool:
        """Whether there is a desk."""
        return hasattr(self, "desk")

    @property
    def shell(self) -> Screen[None]:
        """The screen that lies under all others."""
        return self.screen_stack[0]

    @property
    def panes(self) -> list[Pane]:
        """Those that are shown, from left to right."""
        return [self._made[name] for name in self.shown if name in self._made]

    async def show(self, *names: str) -> None:
        """Show these panes; each is made when it is first shown, and kept."""
        self.shown = list(names)
        room = self.shell.query_one("#panes", Horizontal)
        new = {name: PANES[name]() for name in names if name not in self._made}
        self._made |= new
        await room.mount_all(new.values())
        for name, pane in self._made.items():
            pane.set_class(name not in names, "-hidden")
        for before, after in pairwise(self.panes):
            room.move_child(after, after=before)
        self.follow_shown()
        for pane in self.panes:
            pane.changed(EVERYTHING)
        if self.dialogue is None and self.panes[-1] not in (self.shell.focused or self.shell).ancestors_with_self:
            self.shell.set_focus(self.panes[-1])  # a ticket that was begun meanwhile keeps the keys
        self.shell.query_one(TabLine).refresh()
        if new and not self.is_headless:
            self.call_after_refresh(memory.settle)

    async def show_anew(self) -> None:
        """The same panes, made again."""
        memory.loosen()
        await self.shell.query_one("#panes").remove_children()
        self._made.clear()
        await self.show(*self.shown)

    def follow_shown(self) -> None:
        """Follow what the panes that are shown want, and the quote that the status line shows."""
        self.desk.want("status", [f"quotes:{self.desk.state.symbol}"] if self.desk.state.symbol else [])
        self.desk.want("panes", {channel for pane in self.panes for channel in pane.channels()})

    @property
    def dialogue(self) -> Dialogue[Any] | None:
        """What lies over the panes and has the keys."""
        return self._dialogue if self._dialogue is not None and self._dialogue.open else None

    def ask(self, dialogue: Dialogue[T], then: Callable[[T | None], object] = lambda _: None) -> None:
        """Show it in the place of another one, and do something with its answer; None where it was left."""
        self.leave_dialogue()
        self._dialogue, dialogue.answered = dialogue, then
        _ = self.shell.mount(dialogue)

    def leave_dialogue(self) -> None:
        """Close it without an answer."""
        if self.dialogue is not None:
            self.dialogue.dismiss()

    def tick(self) -> None:
        """Tell the panes what changed since the last time."""
        if not self.signed_in or not self.screen_stack:  # not begun yet, or being closed
            return
        happenings = self.desk.state.happenings
        while happenings:
            self.tell(happenings.popleft())
        keys = self.desk.state.drain()
        if {"symbol", "interval", "watchlist"} & set(keys):
            self.follow_shown()
        for pane in [each for each in self.panes if each.is_mounted] if keys else []:
            pane.changed(keys)
        for line in self.shell.query(StatusLine):  # none, while the app is being closed
            line.changed(keys)

    def tell(self, happening: OrderEvent | Notification) -> None:
        """A toast of what the trader should notice."""
        told = toast(happening)
        if told is not None:
            self.notify(told.text, title=told.title, severity=told.severity, markup=False)

    async def later(self, what: str, seconds: float, act: Callable[[], Awaitable[object]]) -> None:
        """Do it after so many seconds, unless the trader undoes it; ``what`` names it: "4 orders are cancelled"."""
        await self.shell.query_one(UndoLine).wait(what, seconds, act)
        self.shell.refresh_bindings()

    async def action_undo(self) -> None:
        """Leave what waits."""
        await self.shell.query_one(UndoLine).undo()

    async def action_quit(self) -> None:
        """Leave; what waited is done first, for nobody is there to undo it any more."""
        with suppress(TimeoutError):
            async with asyncio.timeout(GOODBYE):
                await self.shell.query_one(UndoLine).now()
        await super().action_quit()

    async def action_split(self) -> None:
        """Show a second pane beside the first, or the first alone again."""
        second = "trade" if self.shown[0] != "trade" else "market"
        await self.show(*([self.shown[0]] if len(self.shown) > 1 else [self.shown[0], second]))

    def action_other_pane(self) -> None:
        """Go from one pane to the other."""
        if len(self.panes) == 1:
            return
        here = next((n for n, pane in enumerate(self.panes) if pane.has_focus_within or pane.has_focus), 0)
        self.panes[1 - here].focus()

    async def action_watch(self) -> None:
        """Watch what is looked at, or not any more."""
        symbol, watched = self.desk.state.symbol, self.desk.state.watchlist
        kept = [each for each in watched if each != symbol]
        added = len(kept) == len(watched)
        await self.tried(self._watch([*watched, symbol] if added else kept, added, symbol))

    async def _watch(self, symbols: list[str], added: bool, symbol: str) -> None:
        await self.desk.watch(symbols)
        self.notify(t("watch.added" if added else "watch.removed", symbol=symbol))

    def action_alert(self) -> None:
        """Ask for a threshold on what is looked at."""
        self.ask(NewAlert(self.desk, self.desk.state.symbol), self._alerted)

    def action_news(self) -> None:
        """What the trader was notified of."""
        self.ask(News(self.desk.state.notifications))
        self.run_worker(self.tried(self.desk.read_notifications()))

    def _alerted(self, made: bool | None) -> None:
        if made:
            self.notify(t("alert.made"))

    async def tried(self, act: Awaitable[object]) -> None:
        """Wait for it, and tell what went wrong."""
        try:
            await act
        except Failed as failed:
            self.complain(failed)

    def complain(self, failed: Failed) -> None:
        """A toast of what went wrong, for what has no field to say it at."""
        code = failed.code if isinstance(failed, Refused) else ""
        self.notify(said(f"refused.{code}", str(failed)), severity="error", markup=False)

    async def action_go(self, name: str) -> None:
        """Show one screen."""
        if self.signed_in:
            await self.show(name)

    async def action_ticket(self) -> None:
        """The ticket for what is looked at."""
        await self.open_ticket(OrderWanted(self.desk.state.symbol))

    async def open_ticket(self, wanted: OrderWanted) -> None:
        """Show the trade pane with this order begun."""
        self.desk.look_at(wanted.symbol)
        await self.show("trade")
        begin = getattr(self.panes[0], "begin", None)
        if begin is not None:
            begin(wanted)

    async def action_trade(self, action: str) -> None:
        """What the trade pane does by this key, wherever the focus is, while it is shown."""
        await self.run_action(action, self._made["trade"])

    async def on_order_wanted(self, wanted: OrderWanted) -> None:
        await self.open_ticket(wanted)

    def on_symbol_chosen(self, chosen: SymbolChosen) -> None:
        self.desk.look_at(chosen.symbol)

    def action_search(self) -> None:
        """Look for a symbol."""
        self.ask(Finder(list(palette.symbols(self)), t("search.prompt")), self.found)

    def action_command_palette(self) -> None:
        """Everything that can be done here, by name."""
        self.ask(Finder(list(palette.actions(self)), t("palette.prompt")), self.found)

    def found(self, offer: Offer | None) -> None:
        """Do what was chosen in a finder."""
        if offer is not None:
            self.call_later(offer.does)

    def action_help(self) -> None:
        """Every key that does something here."""
        self.ask(Help(self.screen.active_bindings))

    def action_press(self, key: str) -> None:
        """As if the key had been pressed: for clicks."""
        self.simulate_key(key)

    async def action_next_language(self) -> None:
        """The other language."""
        await self.speak(following())

    async def speak(self, language: str) -> None:
        """Draw everything anew in this language."""
        words.use(language)
        await self.show_anew()
        self.shell.refresh(layout=True)
        for line in self.shell.query("Line"):
            line.refresh()

    async def on_unmount(self) -> None:
        """Leave nothing signed in, but do not wait for a platform that is gone."""
        if self.signed_in:
            with suppress(TimeoutError):
                async with asyncio.timeout(GOODBYE):
                    await self.desk.client.sign_out()
            await self.desk.client.wire.close()

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:  # noqa: ARG002 (textual's)
        """Before there is a desk only what needs none makes sense; under a dialogue nothing but leaving."""
        if self.dialogue is not None:
            return action in DESPITE
        if action == "trade":
            return "trade" in self.shown and "trade" in self._made
        if action == "undo":
            return any(line.waiting for line in self.shell.query(UndoLine))
        return self.signed_in or action in {*DESPITE, "next_theme", "help"}

    def get_default_screen(self) -> Screen[None]:
        return Screen(id="_default")
