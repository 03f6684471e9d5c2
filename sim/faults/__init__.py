"""Where simulators are disturbed: what several of them have in common."""
