"""Reports of bugs."""
