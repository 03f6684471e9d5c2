"""Tests of the simulated push endpoint."""
