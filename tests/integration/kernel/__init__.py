"""Tests of services.kernel."""
