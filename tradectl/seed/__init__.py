"""A sandbox full of people and orders, as if it had run for years."""
