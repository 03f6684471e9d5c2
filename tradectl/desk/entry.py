"""Where the door is, and the ways in: an account that there is, or a new one with sandbox money."""

import asyncio
import secrets
from dataclasses import dataclass, field

from tradectl.desk.client import Client
from tradectl.desk.desk import Desk
from tradectl.desk.failures import Failed
from tradectl.desk.wire import AiohttpWire
from tradectl.telemetry.acts import UNTOLD, Acts
from tradectl.trader.client import Client as Door
from tradectl.trader.failures import Failed as NotDone
from tradectl.trader.trader import Trader

MONEY = (("USD", "100000"), ("USDT", "100000"))
"""What a demo account begins with."""


@dataclass(frozen=True)
class Entry:
    """``door`` is the BFF's address; ``endpoints`` and ``key`` are the sandbox's, where it is one on this machine.

    ``acts`` are told of each click.
    """

    door: str
    email: str = ""
    password: str = field(default="", repr=False)
    endpoints: dict[str, str] = field(default_factory=dict)
    key: str = field(default="", repr=False)
    acts: Acts = field(default=UNTOLD, repr=False)

    @property
    def sandbox(self) -> bool:
        """Whether a demo account can be had, and the outside world looked at."""
        return "mail.http" in self.endpoints


async def sign_in(entry: Entry, email: str, password: str, code: str = "") -> Desk:
    """A desk that is open; raises one of failures.py."""
    client = Client(entry.door, AiohttpWire(), entry.acts)
    try:
        await client.sign_in(email, password, code)
        desk = Desk(client)
        await desk.open()
    except BaseException:
        await client.wire.close()
        raise
    return desk


async def demo(entry: Entry, language: str = "en") -> Desk:
    """A desk of a trader who did not exist before, with money."""
    email, password = await asyncio.to_thread(demo_account, entry, language)
    return await sign_in(entry, email, password)


def demo_account(entry: Entry, language: str) -> tuple[str, str]:
    """Address and password of a new account; the code is read in the sandbox's mail gateway."""
    email = f"demo-{secrets.token_hex(4)}@example.org"
    trader = Trader(Door(entry.door), entry.endpoints["mail.http"], email, "Demo Trader", language)
    try:
        trader.enter()
        for asset, amount in MONEY:
            trader.deposit(asset, amount)
    except NotDone as error:
        raise Failed(str(error)) from error
    return email, trader.password
