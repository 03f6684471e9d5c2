"""Envoy before the BFFs: its configuration, made from the topology, and the program itself where it runs here."""
