"""Plumbing that services and simulators share: resources, clock, server, log, trace, health, metrics, kill points."""
