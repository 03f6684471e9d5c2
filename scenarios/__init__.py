"""Scenarios, one YAML file each, that drive the platform through the tool."""
