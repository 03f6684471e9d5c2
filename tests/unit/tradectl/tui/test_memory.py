import gc

from tradectl.tui import memory


def test_what_is_there_is_looked_at_no_more_until_it_is_about_to_go() -> None:
    memory.settle()
    assert gc.get_freeze_count() > 10_000
    memory.loosen()
    assert gc.get_freeze_count() == 0
