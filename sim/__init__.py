"""The outside world, simulated: clock, feeds, venue, broker, data provider and mail."""
