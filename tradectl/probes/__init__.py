"""One observation each, and the one loop that waits for them."""
