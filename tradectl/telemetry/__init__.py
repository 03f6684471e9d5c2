"""What a run told of itself: traces and metrics, kept in SQLite, ten runs a sandbox."""
