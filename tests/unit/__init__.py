"""Tests that mirror the modules and do no I/O."""
