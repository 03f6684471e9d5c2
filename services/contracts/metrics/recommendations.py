"""What recommendations export: bars looked at, and the signals that came of them."""

from services.contracts.metrics.metric import counter, gauge, histogram

SIGNALS = counter("recommendations_signals_total", "Signals raised", "strategy", "side")
ANALYSIS_TIME = histogram(
    "recommendations_analysis_duration_seconds", "From a closed bar's being told to all strategies' having seen it"
)
WAITING = gauge("recommendations_waiting_bars", "Closed bars that wait for the strategies")
WATCHED = gauge("recommendations_watched_symbols", "Symbols whose bars the strategies follow")
