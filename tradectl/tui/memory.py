"""What is there for good is kept out of the garbage collector's way: a whole collection takes 80 ms."""

import gc

YOUNG, MIDDLE, OLD = 700, 10, 100
"""As Python has them, but for the last: what has lived for a while is looked at ten times less often."""


def settle() -> None:
    """Panes and modules as they are now are looked at no more; what is made later is few, and quickly looked at."""
    gc.set_threshold(YOUNG, MIDDLE, OLD)
    gc.collect()
    gc.freeze()


def loosen() -> None:
    """Much of what was there is about to go."""
    gc.unfreeze()
