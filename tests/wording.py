"""What holds of every text in two languages."""

from string import Formatter


def fields(text: str) -> set[str]:
    """The names of the values that a text says."""
    return {name for _, name, _, _ in Formatter().parse(text) if name}


def says_the_same(english: str, russian: str) -> bool:
    """Whether there are both, and the same values in them."""
    return bool(english and russian) and fields(english) == fields(russian)
