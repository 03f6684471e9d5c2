"""Tests of the operators' chat."""
