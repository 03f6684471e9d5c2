"""Counts what became of something that a request asked for."""

from collections.abc import Iterator
from contextlib import contextmanager

from services.contracts.errors import DomainError
from services.runtime.instruments import Counter


@contextmanager
def counted(attempts: Counter) -> Iterator[None]:
    """As `success`, or under the code of the refusal: of those there are as many as the code has."""
    try:
        yield
    except DomainError as refusal:
        attempts.inc(refusal.code)
        raise
    attempts.inc("success")
