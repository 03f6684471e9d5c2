"""One behaviour of every broker."""
