"""Where prices come from: a recording, daily bars of real shares, seeded agents; and the history behind the start."""
