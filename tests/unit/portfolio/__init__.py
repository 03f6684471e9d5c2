"""What a fill or a deposit does to the books."""
