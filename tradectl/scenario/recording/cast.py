"""Who acts in a recording: users by their addresses and by the subjects of their tokens."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any

from tradectl.scenario.recording.heard import subject_of
from tradectl.scenario.recording.names import Names
from tradectl.scenario.target import ADMIN

STRANGER = "trader"
"""Of whom nothing but a token is known."""


@dataclass
class Player:
    """``terms`` are those of the actor in the file; ``known`` once it is clear what he had before the recording."""

    name: str
    terms: dict[str, Any] = field(default_factory=dict)
    known: bool = False
    entered: bool = False
    """Whether he has a token that is good."""
    accountable: bool = True
    """Whether deposits and fills of the steps explain all that he has."""


class Cast:
    """Everybody, in the order of their coming."""

    def __init__(self, names: Names) -> None:
        self.players: dict[str, Player] = {}
        self._names = names
        self._emails: dict[str, Player] = {}
        self._subjects: dict[str, Player] = {}

    def of_email(self, email: str) -> Player | None:
        return self._emails.get(email.lower())

    def of_token(self, token: str) -> Player | None:
        return self._subjects.get(subject_of(token))

    def add(self, email: str = "", **terms: Any) -> Player:
        """Somebody new, who goes by what stands before the @."""
        player = Player(self._names.new(email.partition("@")[0] or STRANGER), terms)
        self.players[player.name] = player
        self.address(player, email)
        return player

    def address(self, player: Player, email: str) -> None:
        """An address stands for him."""
        if email:
            self._emails.setdefault(email.lower(), player)
            self._names.stand_for(email, player.name, "email")

    def enter(self, player: Player, token: str) -> None:
        """The token is his."""
        player.entered = True
        if subject := subject_of(token):
            self._subjects[subject] = player
            self._names.stand_for(subject, player.name, "id")

    def introduce(self, token: str, me: Mapping[str, Any], portfolio: Mapping[str, Any]) -> None:
        """What a user had before the recording: it is given to his actor before the first step."""
        email = str(me.get("email", ""))
        player = self.of_token(token) or self.of_email(email) or self.add(email)
        self.address(player, email)
        self.enter(player, token)
        if not player.known:
            player.known = True
            player.terms |= {"staff": True} if email == ADMIN else terms_of(me, portfolio)


def terms_of(me: Mapping[str, Any], portfolio: Mapping[str, Any]) -> dict[str, Any]:
    """An actor's words for his profile and what he owns."""
    held = {each["currency"]: each["total"] for each in portfolio.get("cash", ())}
    held |= {each["symbol"]: each["quantity"] for each in portfolio.get("positions", ())}
    found = {
        "display_name": me.get("display_name"),
        "language": me.get("language") if me.get("language") != "en" else None,
        "roles": [each for each in me.get("roles", ()) if each != "trader"],
        "deposit": {asset: amount for asset, amount in held.items() if Decimal(amount) > 0},
    }
    return {name: value for name, value in found.items() if value}
