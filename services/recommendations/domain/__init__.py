"""Five strategies on closed bars, how they did before, and the words for what they see."""
