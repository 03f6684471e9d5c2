"""Every rule of the audit, by what it says."""

from collections.abc import Callable, Iterator

from tradectl.audit import booking, market, people, pushes, rows, trading
from tradectl.audit.difference import Difference
from tradectl.audit.snapshot import Snapshot

Rule = Callable[[Snapshot], Iterator[Difference]]

RULES: dict[str, Rule] = {
    "fills are the venue's executions": trading.fills_are_the_venues,
    "orders stand as at the venue": trading.orders_stand_as_at_the_venue,
    "orders sum up their fills": trading.orders_sum_up_their_fills,
    "what traders see is what stands": trading.states_agree,
    "histories are whole": trading.histories_are_whole,
    "reports in histories are the venue's": trading.history_is_the_venues,
    "balances are sums of deposits, withdrawals, fills and open orders": trading.balances_are_sums,
    "accounts count their open orders": trading.accounts_count_open_orders,
    "reservations are the open orders'": trading.reservations_are_the_orders,
    "no report is unmatched": trading.nothing_is_unmatched,
    "FIX sessions agree": trading.fix_sessions_agree,
    "dispatches are of orders": trading.dispatches_are_of_orders,
    "nobody owes": trading.nobody_owes,
    "trades are the orders' fills": booking.trades_are_the_orders_fills,
    "the ledger has each movement once": booking.ledger_has_each_movement,
    "the ledger sums to zero": booking.ledger_sums_to_zero,
    "cash is the ledger's": booking.cash_is_the_ledgers,
    "both ledgers agree": booking.cash_is_the_risk_ledgers,
    "positions and lots are kept in the instruments' units": booking.units_are_the_instruments,
    "lots are purchases": booking.lots_are_purchases,
    "positions and lots are sums": booking.positions_are_sums,
    "the portfolio's reservations are the orders'": booking.reservations_are_the_orders,
    "deposits are credited once": booking.deposits_are_the_risk_ledgers,
    "withdrawals stand the same in both ledgers": booking.withdrawals_are_the_risk_ledgers,
    "members are users": people.members_are_users,
    "topics count their messages": people.topics_count_messages,
    "accounts are users": people.accounts_are_users,
    "profiles are the users'": people.profiles_are_users,
    "rights are as the log says": people.rights_are_the_logs,
    "notifications are for users": people.notifications_are_for_users,
    "alerts wait where they should": people.alerts_wait_where_they_should,
    "mails are deliveries": people.mails_are_deliveries,
    "pushes are deliveries, each once": pushes.pushes_are_deliveries,
    "browsers are users' and counted": pushes.subscriptions_are_counted,
    "instruments are market data's": market.instruments_are_market_datas,
    "reference prices are market data's": market.references_are_market_datas,
    "listed symbols are followed": market.symbols_are_followed,
    "candles are the tape's": market.candles_are_the_tapes,
    "signals say what they are": market.signals_say_what_they_are,
    "the venue's record is whole": market.the_record_is_whole,
    "rows are as they were written": rows.seals_hold,
}
