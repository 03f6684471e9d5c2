"""What the requirements pin."""

import re
from dataclasses import dataclass
from pathlib import Path

PIN = re.compile(r"^([a-z0-9][a-z0-9._-]*)==([^\s;\\]+)", re.IGNORECASE)
FOLDER = "requirements"


@dataclass(frozen=True)
class Pin:
    """A package, and the first place that pins it."""

    name: str
    version: str
    path: str
    line: int

    @property
    def key(self) -> str:
        """The name as registries compare it."""
        return re.sub(r"[-_.]+", "-", self.name).lower()


def files(root: Path) -> list[Path]:
    """Every file of pins."""
    return sorted((root / FOLDER).glob("*.txt"))


def pins(root: Path) -> list[Pin]:
    """Each package and version once."""
    found: dict[tuple[str, str], Pin] = {}
    for file in files(root):
        for number, line in enumerate(file.read_text(encoding="utf-8").splitlines(), 1):
            if match := PIN.match(line):
                pin = Pin(match[1], match[2], str(file.relative_to(root)), number)
                found.setdefault((pin.key, pin.version), pin)
    return list(found.values())
