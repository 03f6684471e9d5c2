"""The tests: unit, contract, integration, e2e, architecture and bench."""
