"""Scans before a release: what each finds is a fault, unless somebody has accepted it, for a reason and until a day."""
