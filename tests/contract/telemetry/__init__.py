"""One suite for both sides of the seam `Source`: a run's own file, and the stores that a platform exports to."""
