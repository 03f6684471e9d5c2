"""What keeps a trader from what he wanted."""


class Failed(Exception):
    """It was not done, or not seen."""


class Refused(Failed):
    """The platform said no: ``status``, and the problem's ``code``."""

    def __init__(self, said: str, status: int, code: str) -> None:
        super().__init__(said)
        self.status = status
        self.code = code


class Late(Refused):
    """No answer in time; it may come when it is asked for again."""


class Unreachable(Failed):
    """Nobody answered."""
