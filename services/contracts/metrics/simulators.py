"""What the simulated world exports."""

from services.contracts.metrics.metric import counter, gauge

COMMANDS = counter("venue_commands_total", "Commands that the venue was given")
EXECUTIONS = counter("venue_executions_total", "Executions in the venue's record")
BEHIND = gauge("venue_behind_seconds", "How much market time is behind where its speed would have it", unit="seconds")
MARKET_TIME = gauge("clock_market_time_seconds", "Market time, seconds since 1970", unit="seconds")
UNSENT = gauge("broker_unsent_reports", "Reports that no FIX session has numbered yet", "session")
SUBSCRIBERS = gauge("provider_subscribers", "Clients of the market data stream")
WAITING = gauge("provider_waiting_bytes", "Bytes that wait for the slowest of them", unit="bytes")
MAILS = gauge("mail_messages", "Mails that the gateway holds")
MAIL_DELIVERIES = counter("mail_deliveries_total", "Deliveries that the mail gateway has taken")
PUSHES = gauge("push_messages", "Pushes that the endpoint holds")
PUSH_DELIVERIES = counter("push_deliveries_total", "Deliveries that the push endpoint has taken")
