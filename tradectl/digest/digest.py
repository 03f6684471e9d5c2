"""The digest itself: SHA-256 over the lines of all rows."""

import hashlib
import json
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass

from tradectl.audit.snapshot import Row, Sources
from tradectl.digest.rows import KINDS, READ, rows


@dataclass(frozen=True)
class Digest:
    """``lines`` is what went in: one JSON document a row."""

    value: str
    lines: tuple[str, ...]

    @property
    def counted(self) -> dict[str, int]:
        """How many rows of each kind."""
        kinds = Counter(json.loads(line)["kind"] for line in self.lines)
        return {kind: kinds[kind] for kind in KINDS}


def digest(sources: Sources) -> Digest:
    """Of a sandbox as its pages show it now; two runs compare only when each has come to rest."""
    return digest_of(rows(sources.read_rows(*READ)))


def digest_of(some: Iterable[Row]) -> Digest:
    """Of rows in their order."""
    lines = tuple(json.dumps(row, sort_keys=True, ensure_ascii=False, separators=(",", ":")) for row in some)
    return Digest(hashlib.sha256("".join(f"{line}\n" for line in lines).encode()).hexdigest(), lines)
