import pytest

from services.runtime import local


@pytest.fixture(autouse=True)
def nothing_offered() -> None:
    local.clear()


def test_what_was_offered_is_found_under_its_url() -> None:
    thing = object()
    local.offer("memory://thing", thing)
    assert local.find("memory://thing") is thing


def test_a_later_offer_takes_the_place_of_the_earlier_one() -> None:
    local.offer("memory://thing", 1)
    local.offer("memory://thing", 2)
    assert local.find("memory://thing") == 2


def test_what_nobody_offered_is_named_in_the_error() -> None:
    with pytest.raises(LookupError, match="asgi://orders"):
        local.find("asgi://orders")
