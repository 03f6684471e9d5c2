"""Sets of transactions as MySQL names them: a server's UUID and numbers, each range with its end excluded."""

from collections.abc import Mapping, Sequence

Range = tuple[int, int]


class Gtids:
    """Grows; ``said`` is as MySQL writes one: ``uuid:1-7:9,uuid:1``."""

    def __init__(self, said: str = "") -> None:
        self._ranges: dict[str, list[Range]] = {}
        for each in filter(None, (part.strip() for part in said.split(","))):
            server, *ranges = each.split(":")
            for numbers in ranges:
                first, _, last = numbers.partition("-")
                self.add(server, int(first), int(last or first) + 1)

    def add(self, server: str, start: int, end: int) -> None:
        """What follows the last range lengthens it, as transactions of a log do."""
        ranges = self._ranges.setdefault(server.lower(), [])
        if ranges and ranges[-1][1] == start:
            start = ranges.pop()[0]
        ranges.append((start, end))

    @property
    def ranges(self) -> Mapping[str, Sequence[Range]]:
        """By server."""
        return self._ranges

    def missing(self, wanted: Mapping[str, Sequence[Range]]) -> str:
        """What of another set is not in this one, as MySQL writes it; empty: nothing."""
        found = []
        for server, ranges in wanted.items():
            gaps = [gap for each in ranges for gap in _gaps(each, sorted(self._ranges.get(server.lower(), ())))]
            if gaps:
                found.append(":".join([server, *(f"{start}-{end - 1}" for start, end in gaps)]))
        return ",".join(found)


def _gaps(wanted: Range, ranges: Sequence[Range]) -> list[Range]:
    place, gaps = wanted[0], list[Range]()
    for start, end in ranges:
        if end <= place or start >= wanted[1]:
            continue
        if start > place:
            gaps.append((place, start))
        place = end
    return gaps if place >= wanted[1] else [*gaps, (place, wanted[1])]
