"""Unit tests of the servers in containers."""
