"""The real Prometheus and Alertmanager on what is written for them."""
