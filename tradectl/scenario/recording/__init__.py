"""What a trader does through the door becomes a scenario."""
