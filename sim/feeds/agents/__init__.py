"""Seeded agents: makers who quote, noise and momentum traders who take; each with a random stream of its own."""
