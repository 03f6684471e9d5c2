"""What one look of the doctor has found."""

from dataclasses import dataclass


@dataclass(frozen=True)
class Check:
    """``found`` is what was seen; ``mend`` is empty when all is well. A note keeps nothing from starting."""

    name: str
    found: str
    mend: str = ""
    note: bool = False

    @property
    def ok(self) -> bool:
        return self.note or not self.mend
