from tradectl.tui.widgets.bars import DAY, MINUTE, Bar, labels

MIDNIGHT = 1_723_075_200_000_000  # 2024-08-08


def _bars(start: int, length: int, count: int) -> list[Bar]:
    return [Bar(start + index * length, 1, 1, 1, 1, 1) for index in range(count)]


def test_times_are_round_and_do_not_touch() -> None:
    assert labels(_bars(MIDNIGHT + 451 * MINUTE, MINUTE, 22), 2) == [
        (4, "07:35"),
        (9, "07:40"),
        (14, "07:45"),
        (19, "07:50"),
    ]


def test_the_first_bar_of_a_day_is_marked_with_its_date() -> None:
    assert (2, "08-08") in labels(_bars(MIDNIGHT - 60 * MINUTE, 30 * MINUTE, 5), 10)


def test_days_have_dates() -> None:
    assert labels(_bars(MIDNIGHT, DAY, 2), 10) == [(0, "08-08"), (1, "08-09")]


def test_one_bar_has_no_axis() -> None:
    assert labels(_bars(MIDNIGHT, MINUTE, 1), 1) == []
