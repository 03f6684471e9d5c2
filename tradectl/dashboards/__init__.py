"""Dashboards as code: what each shows as plain data, and from that the JSON that Grafana is given."""
