"""One user: registers, proves the address, logs in, deposits."""

import secrets
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any, TypeVar

from tradectl.errors import TradectlError
from tradectl.probes.eventually import eventually
from tradectl.trader.client import Client
from tradectl.trader.failures import Failed, Late
from tradectl.trader.mailbox import Mail, Mailbox, code_of

T = TypeVar("T")
Json = dict[str, Any]
PATIENCE = 10.0
"""Seconds for anything that is waited for."""


def patient(probe: Callable[[], T | None], what: str, within: float = PATIENCE) -> T:
    """What the probe finds in time; Failed with ``what`` else."""
    try:
        return eventually(probe, within, what=what)
    except TradectlError as error:
        raise Failed(error.message) from None


@dataclass
class Trader:
    """``client`` is logged in once ``login`` was called."""

    client: Client
    gateway: str
    email: str
    display_name: str = "Trader"
    language: str = "en"
    password: str = field(default_factory=lambda: secrets.token_urlsafe(16))
    patience: float = PATIENCE

    @property
    def mailbox(self) -> Mailbox:
        """Where this trader's mail arrives."""
        return Mailbox(self.gateway, self.email)

    def register(self) -> None:
        """Ask for an account."""
        body = {"email": self.email, "password": self.password, "display_name": self.display_name}
        self.client.post("/auth/register", {**body, "language": self.language})

    def await_code(self) -> Mail:
        """The mail with the code."""
        return patient(self.mailbox.code_mail, "the code's mail", self.patience)

    def verify(self, mail: Mail) -> None:
        """Show the mail's code."""
        self.client.post("/auth/verify", {"email": self.email, "code": code_of(mail) or ""})

    def login(self) -> Json:
        """Act with a new token from now on; where no answer came in time, a second token does no harm."""
        self.client.token = ""
        tokens = patient(self._tokens, "an answer to the log-in", self.patience)
        self.client.token = tokens["access_token"]
        return tokens

    def _tokens(self) -> Json | None:
        try:
            tokens: Json = self.client.post("/auth/login", {"email": self.email, "password": self.password})
        except Late:
            return None
        return tokens

    def enter(self) -> None:
        """All four."""
        self.register()
        self.verify(self.await_code())
        self.login()

    def deposit(self, asset: str, amount: str) -> Json:
        """Ask for it and wait until the risk ledger has it."""
        made: Json = self.client.post("/portfolio/deposits", {"asset": asset, "amount": amount}, key=True)
        return patient(lambda: self._credited(made["id"]), f"{asset} credited", self.patience)

    def _credited(self, deposit_id: str) -> Json | None:
        found: Json = self.client.get(f"/portfolio/deposits/{deposit_id}")
        return found if found["status"] != "pending" else None
