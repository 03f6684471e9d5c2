"""Faults in a running sandbox: what can be broken, breaking it, looking at what is broken, ending it."""
