"""Unit tests of the tool."""
