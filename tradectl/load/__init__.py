"""Honest load on a sandbox: requests on schedule, latency from when they were due, and a report that says so."""
