"""When one user's requests are due: drawn before anything is sent, so that no answer can put one off."""

from collections.abc import Iterator
from random import Random
from typing import Literal

from tradectl.load.shapes import Shape

Arrivals = Literal["poisson", "constant"]


def due_times(shape: Shape, users: int, user: int, seed: int, arrivals: Arrivals = "poisson") -> Iterator[float]:
    """Seconds since the begin, of one of so many users; together they make the shape.

    Poisson: as of people who do not know of each other. Constant: evenly, the users one after another.
    """
    chance = Random(f"{seed}:arrivals:{user}")
    count = user / users if arrivals == "constant" else chance.expovariate(1.0)
    while (due := shape.when(count * users)) is not None:
        yield due
        count += 1.0 if arrivals == "constant" else chance.expovariate(1.0)
