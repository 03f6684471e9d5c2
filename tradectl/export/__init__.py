"""A bug report: all that a sandbox knows of itself, in one file, without its secrets."""
