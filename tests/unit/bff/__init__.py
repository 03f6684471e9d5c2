"""The BFF, without I/O."""
