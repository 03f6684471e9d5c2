"""Unit tests of the desk: a wire of their own in the place of the network."""
