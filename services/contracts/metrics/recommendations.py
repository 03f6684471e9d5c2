"""What recommendations exports."""

from services.contracts.metrics.metric import counter, gauge, histogram

SIGNALS = counter("recommendations_signals_total", "Signals raised", "strategy", "side")
BACKTESTS = counter("recommendations_backtests_total", "Backtests that ended; outcome `done` or `failed`", "outcome")
BACKTEST_TIME = histogram(
    "recommendations_backtest_duration_seconds",
    "One backtest",
    buckets=(0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 5.0, 10.0, 30.0),
)
RUNNING = gauge("recommendations_backtests_running", "Backtests under way")
