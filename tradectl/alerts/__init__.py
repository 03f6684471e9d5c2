"""Alerts: what Prometheus scrapes, how Alertmanager tells of what is wrong, and both of them asked."""
