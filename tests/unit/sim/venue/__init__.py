"""The venue without its journal."""
