from tradectl.tui.widgets.hits import Found, Hits
from tradectl.tui.widgets.rows import plain


def hits(count: int) -> Hits:
    made = Hits(id="hits", empty="Nothing fits.")
    made.show([Found(f"entry {number}", "key", frozenset({0})) for number in range(count)])
    return made


def test_a_row_has_the_title_at_the_left_and_its_hint_at_the_right() -> None:
    assert plain(hits(1).rows(24, 5)[0]) == " entry 0            key "


def test_letters_that_were_looked_for_stand_out_and_the_chosen_row_has_the_cursor() -> None:
    row = hits(2).rows(24, 5)[0]
    assert row[1] == ("e", "strong first cursor")
    assert all(ink.endswith("cursor") for _, ink in row)
    assert not any("cursor" in ink for _, ink in hits(2).rows(24, 5)[1])


def test_the_cursor_is_always_in_sight_and_stays_within() -> None:
    made = hits(9)
    made.move(7)
    assert [plain(row).split()[1] for row in made.rows(24, 3)] == ["5", "6", "7"]
    made.move(99)
    assert made.at == 8
    made.move(-99)
    assert [plain(row).split()[1] for row in made.rows(24, 3)] == ["0", "1", "2"]


def test_where_nothing_fits_it_says_so() -> None:
    assert plain(hits(0).rows(24, 3)[0]) == "Nothing fits."


def test_a_title_without_room_is_cut_before_its_hint() -> None:
    made = Hits(id="hits", empty="")
    made.show([Found("a very long name of an instrument", "USD")])
    assert plain(made.rows(16, 1)[0]) == " a very lo… USD "
