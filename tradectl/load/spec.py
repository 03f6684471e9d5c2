"""What a generator is told, as a file that it reads: whom to load, as whom, with what and when."""

from ipaddress import ip_address
from urllib.parse import urlsplit

import msgspec

from tradectl.errors import ExitCode, TradectlError
from tradectl.load.schedule import Arrivals
from tradectl.load.shapes import Point, Shape


class Account(msgspec.Struct, frozen=True):
    """A trader who is registered and has money."""

    name: str
    user_id: str
    access_token: str
    refresh_token: str


class Listed(msgspec.Struct, frozen=True):
    """What is traded, in decimal strings."""

    symbol: str
    tick: str
    lot: str


class Spec(msgspec.Struct, frozen=True, kw_only=True):
    """``door`` is the BFF's address; ``points`` are those of the shape."""

    door: str
    scenario: str
    accounts: list[Account]
    instruments: list[Listed]
    points: list[Point]
    seed: int = 1
    arrivals: Arrivals = "poisson"
    workers: int = 0
    """Generators beside the one that leads them; none: that one does it itself."""
    master_port: int = 0
    web_port: int = 0
    patience: float = 60.0
    """Seconds until every generator has come."""
    topic: str = ""
    """Where the chat is."""

    @property
    def shape(self) -> Shape:
        return Shape(self.points)


def aimed(door: str) -> str:
    """The door, when it is one of this machine's own; TradectlError for any other target.

    Another machine that takes part reaches it by a tunnel on its own loopback (docs/guides/load.md).
    """
    host = urlsplit(door).hostname or ""
    try:
        own = host == "localhost" or ip_address(host).is_loopback
    except ValueError:
        own = False
    if not own:
        hint = "load is for a sandbox of yours, on this machine: --name says which"
        raise TradectlError(f"{door} is not on loopback: refused", hint, ExitCode.BAD_INPUT)
    return door
