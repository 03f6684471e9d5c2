"""One behaviour of every store of backups."""
