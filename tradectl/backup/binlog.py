"""The form of a binary log, as far as a copy needs it: where an event ends."""

MAGIC = b"\xfebin"
HEADER = 19
LENGTH = 9
"""Where in it the event's length stands, four bytes."""


def whole(piece: bytes, start: int) -> int:
    """How many bytes of this piece of a log, which begins at ``start``, are whole events.

    ValueError when it is no such piece: an event cannot be shorter than its own header.
    """
    place = len(MAGIC) if start == 0 else 0
    if len(piece) < place:
        return 0
    if start == 0 and not piece.startswith(MAGIC):
        raise ValueError("no binary log begins so")
    while len(piece) - place >= HEADER:
        length = int.from_bytes(piece[place + LENGTH : place + LENGTH + 4], "little")
        if length < HEADER:
            raise ValueError(f"an event of {length} bytes at {start + place}")
        if place + length > len(piece):
            break
        place += length
    return place
