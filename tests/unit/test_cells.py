"""The cells follow what a program writes, however it is cut into pieces."""

from tests.cells import Cells


def fed(*pieces: str | bytes) -> Cells:
    cells = Cells()
    for piece in pieces:
        cells.feed(piece if isinstance(piece, bytes) else piece.encode())
    return cells


def test_text_stands_where_it_was_put_and_colours_are_left_out() -> None:
    cells = fed("\x1b[2;3H\x1b[1;38;2;1;2;3mprice\x1b[0m 12\x1b[1;1Hat")
    assert cells.text == "at\n  price 12"
    assert cells.find("12") == (1, 8)
    assert cells.find("13") is None


def test_a_sequence_and_a_character_may_come_in_pieces() -> None:
    assert fed("\x1b[2", ";1", "Ha", "é".encode()[:1], "é".encode()[1:], "\x1b", "[1;1Hb").text == "b\naé"


def test_a_wide_character_takes_two_cells() -> None:
    cells = fed("价12\x1b[1;3Hx")
    assert cells.text == "价x2"
    assert cells.find("x2") == (0, 2)


def test_another_screen_begins_empty() -> None:
    assert fed("old", "\x1b[?1049h", "\x1b[Hnew").text == "new"
