"""By which channels each kind is told, as its reader chose; security mail goes whatever was chosen."""

from collections.abc import Mapping
from typing import Literal, get_args

from services.notifications.domain.templates import KINDS

Channel = Literal["email", "push", "in_app"]
Choices = Mapping[str, tuple[Channel, ...]]
"""By kind, the channels that are on; a kind that is not here goes by all of them."""

CHANNELS: tuple[Channel, ...] = get_args(Channel)
BY_MAIL_ALONE: frozenset[Channel] = frozenset({"email"})
CODES = frozenset({"verification", "password_reset"})
"""What its reader has just asked for, and only the mail may know: nothing to be chosen."""
SECURITY = frozenset({"login_locked", "password_changed", "second_factor_on", "second_factor_off"})
"""Mail that cannot be switched off: its reader may be the last to know."""
KINDS_TO_CHOOSE: tuple[str, ...] = tuple(kind for kind in KINDS if kind not in CODES)


def channels_of(choices: Choices, kind: str) -> frozenset[Channel]:
    """The channels that a kind goes by."""
    chosen = frozenset(choices.get(kind, CHANNELS))
    return chosen | BY_MAIL_ALONE if kind in SECURITY else chosen
