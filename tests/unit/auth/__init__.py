"""Auth, without I/O."""
