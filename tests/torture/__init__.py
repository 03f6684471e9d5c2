"""Orders at a steady rate while one part after another is killed or paused: `make torture N=1000 SEED=1`."""
