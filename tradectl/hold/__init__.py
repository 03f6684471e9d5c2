"""Market time in the tool's hands: on to a moment, and held until what it caused is done."""
