"""The venue with its journal and real recordings."""
