"""Rates: so many in a window, each one's own."""

import pytest

from services.bff.handlers import rates
from services.bff.handlers.rates import Rate, TooManyRequests
from services.kernel.cache.memory import MemoryCache


class Clock:
    now = 1_000.25

    def time(self) -> float:
        return self.now


@pytest.fixture
def clock(monkeypatch: pytest.MonkeyPatch) -> Clock:
    made = Clock()
    monkeypatch.setattr(rates, "time", made)
    return made


async def test_the_one_over_the_limit_is_told_when_to_come_back(clock: Clock) -> None:
    rate = Rate(MemoryCache(), "log-in", 2, window=60)
    clock.now = 1_000.0
    for _ in range(2):
        await rate.count("ann")
    with pytest.raises(TooManyRequests) as refused:
        await rate.count("ann")
    assert refused.value.headers == {"Retry-After": "20"}
    await rate.count("bob")


async def test_the_next_window_begins_anew(clock: Clock) -> None:
    rate = Rate(MemoryCache(), "user", 1)
    await rate.count("ann")
    clock.now += 0.5
    with pytest.raises(TooManyRequests):
        await rate.count("ann")
    clock.now += 0.5
    await rate.count("ann")


async def test_two_rates_do_not_count_together(clock: Clock) -> None:
    cache = MemoryCache()
    await Rate(cache, "user", 1).count("ann")
    await Rate(cache, "address", 1).count("ann")
    with pytest.raises(TooManyRequests):
        await Rate(cache, "user", 1).count("ann")
