"""Tests of the shape of the tree itself."""
