"""Tests that hold both sides of a seam to one behaviour."""
