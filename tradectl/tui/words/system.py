"""Words of the system screen: the sandbox: clock, feed, FIX, latency, faults."""

WORDS = {
    "system.title": ("System", "Система"),
}
