"""A new alert: a price or a day's change at which the trader is told."""

from decimal import Decimal, InvalidOperation
from typing import ClassVar

from textual import on
from textual.app import ComposeResult
from textual.containers import Horizontal
from textual.widgets import Button, Input, OptionList, Select, Static
from textual.widgets.option_list import Option

from tradectl.desk.account import Alert
from tradectl.desk.desk import Desk
from tradectl.desk.failures import Failed, Refused
from tradectl.tui.dialogue import Dialogue
from tradectl.tui.figures import number
from tradectl.tui.words import said, t

CONDITIONS = ("price_above", "price_below", "change_above", "change_below")


class NewAlert(Dialogue[bool]):
    """Ends with whether an alert was made; what is refused is said in the form."""

    DEFAULT_CSS = """
    NewAlert { width: 52; }
    NewAlert Horizontal { height: 3; }
    NewAlert Button { margin-right: 2; }
    NewAlert #known { height: auto; max-height: 8; border: round $panel; display: none; }
    NewAlert #alert-said { color: $error; height: auto; }
    """
    FIRST: ClassVar[str] = "#threshold"

    def __init__(self, desk: Desk, symbol: str) -> None:
        super().__init__()
        self._desk = desk
        self._symbol = symbol

    def compose(self) -> ComposeResult:
        quote = self._desk.state.quotes.get(self._symbol)
        last = "" if quote is None or quote.last is None else f"{quote.last:f}"
        self.border_title = t("alert.title", symbol=self._symbol)
        yield Select([(t(f"alert.{each}"), each) for each in CONDITIONS], value=CONDITIONS[0], allow_blank=False)
        yield Input(last, placeholder=t("alert.threshold"), id="threshold")
        with Horizontal():
            yield Button(t("alert.make"), id="make", variant="primary")
            yield Button(t("key.close"), id="close")
        yield Static("", id="alert-said", markup=False)
        known = OptionList(id="known", markup=False)
        known.border_title = t("alert.known")
        yield known

    def on_mount(self) -> None:
        self.run_worker(self._listing())

    async def _listing(self) -> None:
        try:
            await self._desk.load_alerts()
        except Failed as failed:
            self._say(str(failed))
        known = self.query_one("#known", OptionList)
        known.clear_options()
        known.add_options([Option(line(each), id=each.id) for each in self._desk.state.alerts])
        known.display = bool(known.option_count)

    @on(OptionList.OptionSelected)
    def _chosen(self, event: OptionList.OptionSelected) -> None:
        self.run_worker(self._forgetting(event.option_id or ""))

    async def _forgetting(self, alert_id: str) -> None:
        try:
            await self._desk.forget_alert(alert_id)
        except Failed as failed:
            self._say(str(failed))
        await self._listing()

    @on(Button.Pressed, "#close")
    def _close(self) -> None:
        self.dismiss()

    @on(Input.Submitted)
    @on(Button.Pressed, "#make")
    def _make(self) -> None:
        try:
            threshold = Decimal(self.query_one("#threshold", Input).value.strip())
        except InvalidOperation:
            self._say(t("refused.invalid_threshold"))
            return
        self.run_worker(self._making(str(self.query_one(Select).value), threshold), exclusive=True)

    async def _making(self, condition: str, threshold: Decimal) -> None:
        try:
            await self._desk.alert(self._symbol, condition, threshold)
        except Refused as refused:
            self._say(said(f"refused.{refused.code}", refused.detail))
        except Failed as failed:
            self._say(str(failed))
        else:
            self.dismiss(True)

    def _say(self, text: str) -> None:
        self.query_one("#alert-said", Static).update(text)


def line(alert: Alert) -> str:
    """An alert in one line."""
    what = f"{alert.symbol} {t(f'alert.{alert.condition}')} {number(alert.threshold)}"
    return f"{what}: {t(f'alert.status.{alert.status}')}"
