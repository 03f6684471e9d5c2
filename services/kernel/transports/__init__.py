"""The ways to reach a peer."""
