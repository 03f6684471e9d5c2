from collections.abc import Iterator
from urllib.parse import parse_qs

import msgspec
import pytest

from services.contracts.market import Bar
from services.kernel.peers import Peer, PeerUnavailable
from services.kernel.settings import Peers
from services.recommendations.domain.record import Close
from services.recommendations.handlers.bars import PAGE, stored
from services.runtime import local
from services.runtime.asgi import Receive, Scope, Send
from tests.unit.recommendations.paths import walk


class MarketData:
    """Serves stored bars as market data does, and counts its pages."""

    def __init__(self, closes: list[Close]) -> None:
        self.bars = [bar_of(close) for close in closes]
        self.pages = 0
        self.status = 200

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        await receive()
        query = parse_qs(scope["query_string"].decode())
        assert query["interval"] == ["5m"]
        self.pages += 1
        since, limit = int(query["from"][0]), int(query["limit"][0])
        page = [bar for bar in self.bars if bar.start >= since][:limit]
        await send({"type": "http.response.start", "status": self.status, "headers": []})
        await send({"type": "http.response.body", "body": msgspec.json.encode(page)})


def bar_of(close: Close) -> Bar:
    price = close.close
    return Bar(
        symbol="AAPL",
        interval="5m",
        start=close.start,
        open=price,
        high=price,
        low=price,
        close=price,
        volume=1,
        trades=1,
        historical=close.historical,
    )


@pytest.fixture
def market_data() -> Iterator[MarketData]:
    served = MarketData(walk(2 * PAGE + 1))
    local.offer("asgi://market_data", served)
    yield served
    local.clear()


async def test_every_stored_bar_is_reviewed_not_the_first_page_alone(market_data: MarketData) -> None:
    peer = Peer("asgi://market_data", "market_data", key="k", settings=Peers())
    assert await stored(peer, "AAPL", Close) == walk(2 * PAGE + 1)
    assert market_data.pages == 3


async def test_a_refusal_of_market_data_is_raised(market_data: MarketData) -> None:
    market_data.status = 503
    peer = Peer("asgi://market_data", "market_data", key="k", settings=Peers())
    with pytest.raises(PeerUnavailable):
        await stored(peer, "AAPL", Close)
