"""One behaviour of every database."""
