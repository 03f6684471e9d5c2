"""What keeps a desk from what it wanted."""


class Failed(Exception):
    """It was not done, or not known to be done."""


class Unreachable(Failed):
    """Nobody answers at the door."""


class Refused(Failed):
    """The platform said no: the problem's ``code``, its ``detail`` for people, the ``field`` that it is about or ''."""

    def __init__(self, status: int, code: str, detail: str, field: str = "") -> None:
        super().__init__(detail or code)
        self.status = status
        self.code = code
        self.detail = detail
        self.field = field


class Unknown(Refused):
    """A write that was taken and not answered in time: the same again, under the same key, finds out."""


class SignedOut(Failed):
    """The session has ended: log-out elsewhere, a block, or a refresh token that is no longer good."""
