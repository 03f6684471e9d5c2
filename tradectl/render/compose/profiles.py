"""Which containers `docker compose --profile` starts: the platform, what watches it, its dashboards, or all of it."""

CORE = ("core", "full")
WATCHING = ("telemetry", "full")
DASHBOARDS = ("grafana", "full")
KEEPING = ("full",)
