"""What `docker compose --profile` starts: the platform, who watches it, dashboards, the store of backups, or all."""

CORE = ("core", "full")
WATCHING = ("telemetry", "full")
DASHBOARDS = ("grafana", "full")
KEEPING = ("backup", "full")
