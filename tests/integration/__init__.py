"""Tests of one service or simulator on real embedded parts."""
