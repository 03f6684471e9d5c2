"""The loss of the primary, rehearsed under load: what is lost, how long it takes, whether the books agree then."""

import secrets
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import cast

from tradectl.audit.report import Finding, Report, audit
from tradectl.audit.snapshot import Sources
from tradectl.backup.create import check_ours, create
from tradectl.backup.following import of
from tradectl.backup.manifest import Manifest
from tradectl.backup.restore import Restored, Wanted, restore
from tradectl.backup.ship import shipper
from tradectl.backup.store import Store
from tradectl.errors import ExitCode, TradectlError
from tradectl.probes.eventually import eventually
from tradectl.stack.backends.backend import Listener
from tradectl.stack.backends.choice import backend_of
from tradectl.stack.backends.containers import Containers
from tradectl.stack.events import StackEvent
from tradectl.stack.snapshots.save import check_there
from tradectl.stack.state import Sandbox
from tradectl.trader.client import Client
from tradectl.trader.failures import Failed
from tradectl.trader.trader import Trader

SYMBOL, CASH = "AAPL", "1000000"
LOOK = 0.5
"""Seconds between two looks of the shipper."""
PROMISED = 5.0
"""Seconds before the loss up to which no acknowledged order may be missing."""
BACK_WITHIN = 60.0
PAUSE = 0.05


@dataclass
class Load:
    """A trader who places orders one after the other, and replaces or cancels those that rest.

    ``acknowledged`` are ids by the time of their answers.
    """

    trader: Trader
    pause: float
    acknowledged: dict[str, float] = field(default_factory=dict)
    _ended: threading.Event = field(default_factory=threading.Event)

    def run(self) -> None:
        """Until told to end; a refusal is no order."""
        number = 0
        while not self._ended.wait(self.pause):
            number += 1
            try:
                self.place(number)
            except Failed:
                continue

    def place(self, number: int) -> None:
        """Buys that fill, and every third one rests far away."""
        body = {"client_order_id": f"drill-{secrets.token_hex(6)}", "symbol": SYMBOL, "side": "buy", "quantity": "1"}
        body |= (
            {"type": "market", "tif": "ioc"}
            if number % 3
            else {"type": "limit", "tif": "day", "limit_price": self._low()}
        )
        made = self.trader.client.post("/orders", body)
        self.acknowledged[made["id"]] = time.time()
        if number % 3 == 0:
            self._change(made["id"], replace=number % 2 == 0)

    def _change(self, order: str, *, replace: bool) -> None:
        """In the time that will be lost too: the broker remembers it."""
        if replace:
            self.trader.client.send("PATCH", f"/orders/{order}", body={"quantity": "2"}, key=True)
        else:
            self.trader.client.send("DELETE", f"/orders/{order}", key=True)

    def _low(self) -> str:
        quote = self.trader.client.get(f"/quotes/{SYMBOL}")
        return f"{float(quote['bid']) * 0.97:.2f}"

    def end(self) -> None:
        self._ended.set()


@dataclass(frozen=True)
class Drilled:
    """``rpo``: from the last transaction that came back to the loss; ``rto``: from the loss to the first new order.

    ``lost`` are orders that were acknowledged and are not there, by how many seconds before the loss that was.
    """

    made: Manifest
    rpo: float
    rto: float
    acknowledged: int
    lost: dict[str, float]
    restored: Restored
    report: Report
    phases: dict[str, float]

    @property
    def broken(self) -> dict[str, float]:
        """Lost orders that were promised to be there."""
        return {order: age for order, age in self.lost.items() if age > PROMISED}

    @property
    def differences(self) -> list[Finding]:
        """What the books have otherwise than the venue."""
        return self.report.differences

    @property
    def sent(self) -> list[Finding]:
        """Mails and pushes that went out in the lost time, about what nobody remembers."""
        return self.report.explained

    @property
    def ok(self) -> bool:
        return not self.differences and not self.broken and not self.restored.adopted.get("refused")


def drill(sandbox: Sandbox, store: Store, key: bytes, listen: Listener, *, rate: float, seconds: float) -> Drilled:
    """Back up, load, lose, restore, take up again, audit. The sandbox goes on afterwards, as restored."""
    check_there(sandbox)
    backend = cast(Containers, backend_of(sandbox))
    check_ours(backend)
    if not sandbox.in_use():
        raise TradectlError(f"sandbox {sandbox.name} does not run", "`tradectl up` starts it", ExitCode.NOT_UP)
    phases: dict[str, float] = {}
    with _timed(phases, "backup"):
        made = create(sandbox, store, key, listen)
    load = Load(_trader(backend), 1 / rate)
    with _timed(phases, "load"), _placing(load), shipper(of(sandbox), store, key) as following:
        deadline = time.monotonic() + seconds
        while time.monotonic() < deadline:
            following.look()
            time.sleep(LOOK)
        lost = _lose(backend, listen)
    began = time.monotonic()
    with _timed(phases, "restore"):
        restored = restore(sandbox, store, key, Wanted(), listen)
    with _timed(phases, "first order"):
        _trade_again(load)
    rto = time.time() - lost
    with _timed(phases, "audit"):
        report = audit(_sources(backend), settled=True)
    listen(StackEvent(kind="drained", part="audit", seconds=time.monotonic() - began))
    acknowledged, missing = _missing(backend, load, lost)
    rpo = max(0.0, lost - restored.moment / 1_000_000)
    return Drilled(made, rpo, rto, acknowledged, missing, restored, report, phases)


def _missing(backend: Containers, load: Load, lost: float) -> tuple[int, dict[str, float]]:
    """How many orders were acknowledged before the loss; those that are not there, by how long before that was."""
    there = {str(row["order_id"]) for row in _sources(backend).read().rows("orders.orders")}
    before = {order: moment for order, moment in load.acknowledged.items() if moment <= lost}
    return len(before), {order: lost - moment for order, moment in before.items() if order not in there}


def _lose(backend: Containers, listen: Listener) -> float:
    """The primary is gone with its volume, in the middle of whatever it does; when (wall, seconds)."""
    from tradectl.backup.replacing import with_data
    from tradectl.stack.containers import labelled

    found = with_data(backend, {"primary"})
    moment = time.time()
    labelled.remove(found, gently=False)
    listen(StackEvent(kind="emptied", part="primary"))
    return moment


def _trader(backend: Containers) -> Trader:
    made = Trader(
        Client(backend.endpoint("bff")),
        backend.endpoint("mail"),
        f"drill-{secrets.token_hex(5)}@example.com",
        "Drill",
        patience=BACK_WITHIN,
    )
    try:
        made.enter()
        made.deposit("USD", CASH)
    except Failed as error:
        hint = "nothing was dropped: `tradectl ps` says how the platform is; then once more"
        raise TradectlError(f"no trader for the drill: {error}", hint, ExitCode.NOT_UP) from error
    return made


@contextmanager
def _placing(load: Load) -> Iterator[None]:
    thread = threading.Thread(target=load.run, daemon=True)
    thread.start()
    try:
        yield
    finally:
        load.end()
        thread.join()


def _trade_again(load: Load) -> None:
    """The first order that is taken after the loss, by the same trader with the same token."""

    def placed() -> bool | None:
        try:
            load.place(1)
        except Failed:
            return None
        return True

    eventually(placed, BACK_WITHIN, what="an order after the restore", every=PAUSE, hint="`tradectl ps`")


def _sources(backend: Containers) -> Sources:
    return Sources.of(backend.endpoints(), backend.sandbox.keys(), backend.sandbox.losses)


@contextmanager
def _timed(phases: dict[str, float], name: str) -> Iterator[None]:
    began = time.monotonic()
    yield
    phases[name] = round(time.monotonic() - began, 3)
