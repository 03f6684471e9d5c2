"""Tests of the faults that the tool asks for."""
