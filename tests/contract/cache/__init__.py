"""One behaviour of every cache."""
