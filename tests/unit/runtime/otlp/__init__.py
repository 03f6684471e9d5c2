"""Tests of services.runtime.otlp."""
