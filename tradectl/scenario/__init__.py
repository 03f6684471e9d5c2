"""What should happen, as a file; run on any backend, with an exact account of what went otherwise."""
