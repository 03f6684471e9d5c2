"""The version of a checkout, which its tags say (Semantic Versioning 2.0.0)."""

import re
from dataclasses import dataclass
from functools import total_ordering

from tradectl.errors import ExitCode, TradectlError
from tradectl.release.git import Repository

TAG = re.compile(r"v(\d+)\.(\d+)\.(\d+)(?:-([0-9A-Za-z.-]+))?")


@total_ordering
@dataclass(frozen=True)
class Version:
    """``pre`` makes it earlier than the same without, as in 1.2.0-rc.1."""

    major: int
    minor: int
    patch: int
    pre: str = ""

    @classmethod
    def parse(cls, text: str) -> "Version":
        """``1.2.3`` or ``v1.2.3-rc.1``; TradectlError when it is none."""
        found = TAG.fullmatch(text if text.startswith("v") else f"v{text}")
        if found is None:
            raise TradectlError(f"{text} is no version", "such as 1.2.3", ExitCode.USAGE)
        return cls(int(found[1]), int(found[2]), int(found[3]), found[4] or "")

    def __str__(self) -> str:
        return f"{self.major}.{self.minor}.{self.patch}{f'-{self.pre}' if self.pre else ''}"

    def __lt__(self, other: "Version") -> bool:
        return self._place < other._place

    @property
    def _place(self) -> tuple[tuple[int, int, int], bool, list[tuple[bool, int, str]]]:
        parts = [(not each.isdigit(), int(each) if each.isdigit() else 0, each) for each in self.pre.split(".")]
        return (self.major, self.minor, self.patch), not self.pre, parts


def of(repository: Repository) -> Version:
    """That of the commit at hand: its tag's, or else the next patch after the last tag, as a pre-release by distance.

    TradectlError for a checkout that is not as it was committed: nobody could build the same again.
    """
    if changed := repository.changes():
        more = f" and {len(changed) - 1} more" if changed[1:] else ""
        raise TradectlError(
            f"{changed[0]}{more} is not as it was committed", "commit it, or build from a clone", ExitCode.CONFLICT
        )
    said = repository.ask("describe", "--tags", "--long", "--match", "v[0-9]*", "--abbrev=9")
    if said is None:
        hint = "tag a commit: git tag v0.1.0"
        raise TradectlError("no tag says a version", hint, ExitCode.NOT_FOUND)
    tag, distance, commit = said.rsplit("-", 2)
    version = Version.parse(tag)
    if distance == "0":
        return version
    return Version(version.major, version.minor, version.patch + 1, f"dev.{distance}.{commit}")
