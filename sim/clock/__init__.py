"""The clock of the simulated world: starts, stops and hurries market time."""
