"""Tests of the simulated mail."""
