"""Steps about who somebody is and what he owns."""

from typing import Annotated

from pydantic import Field

from tradectl.scenario.model.words import Amount, Code, Part, Who


class Register(Part):
    """Ask for an account and prove the address; without ``verify`` the code stays in the mail."""

    actor: Who = None
    verify: bool = True
    password: str | None = None
    refused: Code = None


class Login(Part):
    """Get a new token."""

    actor: Who = None
    password: Annotated[str | None, Field(description="another one than the actor's")] = None
    refused: Code = None


class Deposit(Part):
    """Sandbox money or shares; goes on once they are credited."""

    actor: Who = None
    asset: str
    amount: Amount
    refused: Code = None


class Subscribe(Part):
    """Open a WebSocket, or follow more on the one that is open; goes on once each snapshot is there."""

    actor: Who = None
    channels: Annotated[list[str], Field(min_length=1)]


class Disconnect(Part):
    """Close the WebSocket; ``abort`` cuts the connection without a word."""

    actor: Who = None
