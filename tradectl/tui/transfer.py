"""Money into the account and out of it; a sandbox's costs nothing, and shares come in too."""

from decimal import Decimal, InvalidOperation
from typing import ClassVar, Literal

from textual import on
from textual.app import ComposeResult
from textual.containers import Horizontal
from textual.widgets import Button, Input, Select, Static

from tradectl.desk.account import Transfer
from tradectl.desk.desk import Desk
from tradectl.desk.failures import Failed, Refused
from tradectl.desk.state import State
from tradectl.tui.dialogue import Dialogue
from tradectl.tui.figures import number
from tradectl.tui.words import said, t

Way = Literal["in", "out"]


class Transferring(Dialogue[Transfer]):
    """Ends with what was asked for; what is refused is said in the form."""

    DEFAULT_CSS = """
    Transferring { width: 52; }
    Transferring Horizontal { height: 3; }
    Transferring Button { margin-right: 2; }
    Transferring #transfer-said { color: $error; height: auto; }
    """
    FIRST: ClassVar[str] = "#amount"

    def __init__(self, desk: Desk, way: Way) -> None:
        super().__init__()
        self.border_title = t(f"transfer.{way}")
        self._desk = desk
        self._way = way

    def compose(self) -> ComposeResult:
        yield Select(assets(self._desk.state, self._way), allow_blank=False)
        yield Input(placeholder=t("transfer.amount"), id="amount", max_length=37)
        with Horizontal():
            yield Button(t(f"transfer.{self._way}.do"), id="do", variant="primary")
            yield Button(t("key.close"), id="close")
        yield Static("", id="transfer-said", markup=False)

    @on(Button.Pressed, "#close")
    def _close(self) -> None:
        self.dismiss()

    @on(Input.Submitted)
    @on(Button.Pressed, "#do")
    def _do(self) -> None:
        text = self.query_one("#amount", Input).value.strip().replace(",", ".")
        try:
            amount = Decimal(text)
        except InvalidOperation:
            amount = Decimal(0)
        if not amount.is_finite() or amount <= 0:
            self._say(t("refused.invalid_amount"))
            return
        self.run_worker(self._doing(str(self.query_one(Select).value), f"{amount:f}"), exclusive=True)

    async def _doing(self, asset: str, amount: str) -> None:
        ask = self._desk.deposit if self._way == "in" else self._desk.withdraw
        try:
            asked = await ask(asset, amount)
        except Refused as refused:
            self._say(said(f"refused.{refused.code}", refused.detail))
        except Failed as failed:
            self._say(str(failed))
        else:
            self.dismiss(asked)

    def _say(self, text: str) -> None:
        self.query_one("#transfer-said", Static).update(text)


def assets(state: State, way: Way) -> list[tuple[str, str]]:
    """How each is listed, and what it is: currencies with what is free of them; what is looked at can come in too."""
    free = {each.currency: each.free for each in state.portfolio.cash}
    wanted = {each.currency: Decimal(0) for each in state.instruments.values()} | free if way == "in" else free
    looked_at = state.instruments.get(state.symbol)
    currency = looked_at.currency if looked_at is not None else ""
    money = sorted(wanted, key=lambda each: (each != currency, each))
    listed = [(t("transfer.free", asset=each, free=number(free.get(each, Decimal(0)), 2)), each) for each in money]
    if way == "in" and state.symbol:
        listed.append((t("transfer.shares", symbol=state.symbol), state.symbol))
    return listed
