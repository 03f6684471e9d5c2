"""Bugs as somebody might write them one day, and the scenario of the standard set that catches each."""

from dataclasses import dataclass
from pathlib import Path
from shutil import copytree, ignore_patterns

from tests.architecture.tree import ROOT

PROGRAM = ("scenarios", "services", "sim", "tradectl")


@dataclass(frozen=True)
class Planted:
    """``old`` stands once in the file; ``caught_by`` is a scenario, ``said`` the step of it that fails."""

    bug: str
    file: str
    old: str
    new: str
    caught_by: str
    said: str

    @property
    def scenario(self) -> Path:
        """The file of the scenario."""
        return ROOT / "scenarios" / f"{self.caught_by}.yaml"

    def planted_in(self, text: str) -> str:
        """The file's text with the bug; ValueError where the place is not there, or not the only one."""
        if text.count(self.old) != 1:
            raise ValueError(f"{self.file}: {text.count(self.old)} times what {self.bug} replaces")
        return text.replace(self.old, self.new)

    def plant(self, tree: Path) -> None:
        """A copy of the program with the bug, for PYTHONPATH."""
        for name in PROGRAM:
            copytree(ROOT / name, tree / name, ignore=ignore_patterns("__pycache__"))
        file = tree / self.file
        file.write_text(self.planted_in(file.read_text(encoding="utf-8")), encoding="utf-8")


PLANTED = (
    Planted(
        bug="lost fill",
        file="services/orders/handlers/reporting.py",
        old="        if each.report_id in seen:\n",
        new='        if each.report_id in seen or (each.kind == "fill" and int(each.report_id[1:]) % 3 == 0):\n',
        caught_by="fills/filled-bit-by-bit",
        said="expect order: resting, is: {status: partially_filled, filled_quantity: 2}",
    ),
    Planted(
        bug="double booking",
        file="services/portfolio/domain/booking.py",
        old="self.add_cash(fill.account_id, fill.currency, cash_change(fill))",
        new="self.add_cash(fill.account_id, fill.currency, 2 * cash_change(fill))",
        caught_by="fills/market-buy",
        said="expect books: ann",
    ),
    Planted(
        bug="stale quote",
        file="services/market_data/api/routes.py",
        old="    return quote_json(symbol.quote(stale=sources.stale()), symbol.instrument)\n",
        new="    fresh = quote_json(symbol.quote(stale=sources.stale()), symbol.instrument)\n"
        '    return vars(symbol).setdefault("kept", fresh) | {"stale": sources.stale()}\n',
        caught_by="market/quote-follows-the-book",
        said="expect quote: BTCUSDT, is: {last: ${order.fills[-1].price}, seq: {gt: ${before.seq}}}",
    ),
    Planted(
        bug="missing mail",
        file="services/notifications/handlers/messages.py",
        old="        await store.add(uow, rows, mails)\n",
        new='        filled = {row["notification_id"] for row in rows if row["kind"] == "order_filled"}\n'
        '        await store.add(uow, rows, [mail for mail in mails if mail["notification_id"] not in filled])\n',
        caught_by="notifications/each-mail-once",
        said="expect mail: ann, is: {subject: Buy AAPL: filled}, count: 1",
    ),
    Planted(
        bug="wrong average",
        file="services/portfolio/domain/position.py",
        old="    basis = share_of(position.cost, closing, abs(position.quantity))\n",
        new="    basis = share_of(position.cost, closing, abs(quantity))\n",
        caught_by="money/weighted-average",
        said="half of the cost is gone, and the average stays; a cent has no halves",
    ),
)
