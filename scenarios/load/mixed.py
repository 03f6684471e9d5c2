"""What a market is made of: six traders, three who read and one market maker in ten."""

from scenarios.load.lurker import Lurker
from scenarios.load.market_maker import MarketMaker
from scenarios.load.trader import Trader

USERS = {Trader: 6, Lurker: 3, MarketMaker: 1}
