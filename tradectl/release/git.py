"""A checkout, by Git itself."""

from dataclasses import dataclass
from pathlib import Path

from tradectl.errors import TradectlError
from tradectl.release.program import run


@dataclass(frozen=True)
class Repository:
    """Where it lies."""

    path: Path

    def run(self, *arguments: str) -> str:
        """What a command prints; TradectlError with Git's own words where it fails."""
        return run("git", "-C", str(self.path), *arguments)

    def ask(self, *arguments: str) -> str | None:
        """The same; none where it fails."""
        try:
            return self.run(*arguments)
        except TradectlError:
            return None

    @property
    def commit(self) -> str:
        return self.run("rev-parse", "HEAD")

    def changes(self) -> list[str]:
        """Files that are not as they were committed, those that Git does not know too."""
        said = self.run("status", "--porcelain", "--untracked-files=normal")
        return [line[3:] for line in said.splitlines()]


def clone(url: str, path: Path) -> Repository:
    """The newest state of a repository's main branch."""
    run("git", "clone", "--quiet", "--single-branch", url, str(path))
    return Repository(path)
