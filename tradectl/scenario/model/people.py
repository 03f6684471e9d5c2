"""Steps about who somebody is and what he owns."""

from typing import Annotated

from pydantic import Field

from tradectl.scenario.model.words import Amount, Code, Part, Who, one_of


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


class Withdraw(Part):
    """Money out again; goes on once it is settled or declined, as ``status`` says."""

    actor: Who = None
    asset: str
    amount: Amount
    status: one_of("settled", "declined") = "settled"  # type: ignore[valid-type]
    refused: Code = None


class Subscribe(Part):
    """Open a WebSocket, or follow more on the one that is open; goes on once each snapshot is there."""

    actor: Who = None
    channels: Annotated[list[str], Field(min_length=1)]


class Disconnect(Part):
    """Close the WebSocket; what it said is kept."""

    actor: Who = None


class Browser(Part):
    """Subscribe with one more browser, to which notifications are pushed from now on."""

    actor: Who = None
