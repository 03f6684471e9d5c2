"""Spans and log lines on their way to OTLP endpoints (OpenTelemetry protocol over HTTP, in its JSON encoding)."""
