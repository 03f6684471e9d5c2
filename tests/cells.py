"""The cells that a program's output leaves on a terminal: as much of one as Textual writes."""

import re
from codecs import getincrementaldecoder

from rich.cells import cell_len

SEQUENCE = re.compile(
    r"\x1b\[(?P<parameters>[0-?]*)[ -/]*(?P<final>[@-~])"
    r"|\x1b\][^\x07\x1b]*(?:\x07|\x1b\\)|\x1b[P_^][^\x1b]*\x1b\\|\x1b[ -/]*[0-Z=>c]"
)
UNFINISHED = re.compile(r"\x1b(?:\[[0-?]*[ -/]*|\][^\x07\x1b]*\x1b?|[P_^][^\x1b]*\x1b?|[ -/]*)?\Z")
HOME = (1, 1)


class Cells:
    """Rows of characters; colours are left out."""

    def __init__(self) -> None:
        self.rows: dict[int, dict[int, str]] = {}
        self.row = self.column = 0
        self._decode = getincrementaldecoder("utf-8")().decode
        self._rest = ""

    def feed(self, data: bytes) -> None:
        """What the program wrote, in pieces as they come."""
        text = self._rest + self._decode(data)
        at = 0
        while at < len(text):
            if text[at] == "\x1b":
                found = SEQUENCE.match(text, at)
                if found is None and UNFINISHED.match(text, at):
                    break
                at = self._obey(found) if found else at + 1
            else:
                self._put(text[at])
                at += 1
        self._rest = text[at:]

    @property
    def text(self) -> str:
        """A line a row."""
        return "\n".join(self._line(number) for number in range(max(self.rows, default=-1) + 1))

    def find(self, text: str) -> tuple[int, int] | None:
        """Row and column where it begins, counted from 0; None where it is not shown."""
        for number in sorted(self.rows):
            index = self._line(number).find(text)
            if index >= 0:
                return number, cell_len(self._line(number)[:index])
        return None

    def _line(self, number: int) -> str:
        row = self.rows.get(number, {})
        cells = (row.get(column, " ") for column in range(max(row, default=-1) + 1))
        return "".join(cells).rstrip()

    def _put(self, character: str) -> None:
        if character == "\n":
            self.row, self.column = self.row + 1, 0
        elif character == "\r":
            self.column = 0
        elif character >= " ":
            row = self.rows.setdefault(self.row, {})
            row[self.column] = character
            width = cell_len(character)
            if width > 1:  # the cell that a wide character covers shows nothing of its own
                row[self.column + 1] = ""
            self.column += width

    def _obey(self, found: re.Match[str]) -> int:
        """Moves and erasures; what only colours or asks is passed over. Answers where the sequence ends."""
        final, parameters = found["final"], found["parameters"] or ""
        if final in {"H", "f"}:
            numbers = [int(number or 1) for number in parameters.split(";")] if parameters else HOME
            self.row, self.column = numbers[0] - 1, numbers[-1] - 1 if len(numbers) > 1 else 0
        elif final == "J" or (parameters == "?1049" and final in {"h", "l"}):
            self.rows.clear()
        return found.end()
