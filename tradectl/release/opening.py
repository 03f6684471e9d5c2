"""The environments repository, wherever it lies: a fresh checkout for each command, gone afterwards."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory

from tradectl.errors import ExitCode, TradectlError
from tradectl.release.environments import Environments
from tradectl.release.git import clone

VARIABLE = "TRADECTL_ENVIRONMENTS"


@contextmanager
def opened(url: str | None) -> Iterator[Environments]:
    """``url`` is anything that Git clones; TradectlError where none is said, or Git cannot have it.

    Commits are by whom Git says: user.name and user.email.
    """
    if not url:
        hint = f"say --environments URL, or set {VARIABLE}"
        raise TradectlError("which environments repository?", hint, ExitCode.USAGE)
    with TemporaryDirectory(prefix="tradectl-environments-") as folder:
        try:
            checkout = clone(url, Path(folder) / "checkout")
        except TradectlError as error:
            hint = "is Git down? docs/guides/release.md has the way by Helm alone"
            raise TradectlError(error.message, hint, ExitCode.NOT_UP) from error
        yield Environments(checkout)
