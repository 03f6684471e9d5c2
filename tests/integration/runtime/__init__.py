"""Tests of services.runtime."""
