"""A trader's letter box: what the mail gateway holds for an address."""

import re
from typing import Any

from tradectl.probes import http
from tradectl.trader.failures import Unreachable

Mail = dict[str, Any]
CODE = re.compile(r"(?:Your code is|Ваш код:) (\S+?)\.?\s*$", re.MULTILINE)
PAGE = 200


class Mailbox:
    """``gateway`` is the address of the simulated mail gateway."""

    def __init__(self, gateway: str, address: str) -> None:
        self.gateway = gateway
        self.address = address

    def mails(self) -> list[Mail]:
        """The oldest first."""
        query = {"to": self.address, "limit": str(PAGE)}
        try:
            items: list[Mail] = http.get(f"{self.gateway}/messages", query=query).json()["items"]
        except http.UnreachableError as error:
            raise Unreachable(f"the mail gateway: {error}") from error
        return items

    def code_mail(self) -> Mail | None:
        """The last mail with a code to show that the address is one's own."""
        return next((mail for mail in reversed(self.mails()) if code_of(mail)), None)


def code_of(mail: Mail) -> str | None:
    """The code in a mail."""
    found = CODE.search(mail["text"] or "")
    return found[1] if found else None
