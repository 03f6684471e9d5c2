"""What is wrong with a feed, in words for who has to mend it."""


class FeedError(Exception):
    """``hint`` names the mend."""

    def __init__(self, message: str, hint: str) -> None:
        super().__init__(message)
        self.message = message
        self.hint = hint
