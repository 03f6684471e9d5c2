"""What can go wrong with a backup, in words, each with its mend."""

import errno
from collections.abc import Iterator
from contextlib import contextmanager

from tradectl.errors import ExitCode, TradectlError

KEY_SOURCES = "TRADECTL_BACKUP_KEY_FILE or TRADECTL_BACKUP_KEY"


def wrong_key(name: str) -> TradectlError:
    hint = f"give the key that it was made with, by {KEY_SOURCES}"
    return TradectlError(f"{name} was sealed with another key", hint, ExitCode.BAD_INPUT)


def damaged(name: str, why: str) -> TradectlError:
    hint = "`tradectl backup list` shows the others; `tradectl backup verify` says which of them are whole"
    return TradectlError(f"{name} is damaged: {why}", hint, ExitCode.STATE_UNUSABLE)


def absent(name: str, store: str) -> TradectlError:
    hint = "`tradectl backup list` shows what is there"
    return TradectlError(f"{store} has no {name}", hint, ExitCode.NOT_FOUND)


def unreachable(store: str, why: object) -> TradectlError:
    hint = "what lay there before still does: look whether the store runs, then do it again"
    return TradectlError(f"the store {store} does not answer as it should: {why}", hint, ExitCode.NOT_UP)


def refused(store: str, why: object) -> TradectlError:
    hint = "look at its credentials (AWS_ACCESS_KEY_ID, AWS_SECRET_ACCESS_KEY) and at the bucket's name"
    return TradectlError(f"the store {store} refuses: {why}", hint, ExitCode.BAD_INPUT)


def full(place: str) -> TradectlError:
    hint = "make room: `tradectl backup prune` removes what retention lets go; the backups before this one are whole"
    return TradectlError(f"no room is left in {place}", hint, ExitCode.STATE_UNUSABLE)


@contextmanager
def room_for(place: str) -> Iterator[None]:
    """A disk that is full says so."""
    try:
        yield
    except OSError as error:
        if error.errno in {errno.ENOSPC, errno.EDQUOT}:
            raise full(place) from error
        raise
