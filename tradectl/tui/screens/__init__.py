"""The six screens, in the order of their keys 1 to 6."""

from tradectl.tui.pane import Pane
from tradectl.tui.screens.ideas import IdeasPane
from tradectl.tui.screens.market import MarketPane
from tradectl.tui.screens.portfolio import PortfolioPane
from tradectl.tui.screens.system import SystemPane
from tradectl.tui.screens.talk import TalkPane
from tradectl.tui.screens.trade import TradePane

PANES: dict[str, type[Pane]] = {
    each.name_of: each for each in (MarketPane, TradePane, PortfolioPane, IdeasPane, TalkPane, SystemPane)
}
