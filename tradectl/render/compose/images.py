"""The images: official ones by name, each of which a variable replaces."""

IMAGES = {
    "platform": "tradectl/platform:dev",
    "percona": "percona/percona-server:8.4.10-10.1",
    "rabbitmq": "rabbitmq:4-management",
    "redis": "redis:8",
    "envoy": "envoyproxy/envoy:v1.40.0",
    "prometheus": "prom/prometheus:v2.53.5",
    "alertmanager": "prom/alertmanager:v0.28.1",
    "grafana": "grafana/grafana:12.3.0",
    "loki": "grafana/loki:3.7.8",
    "jaeger": "jaegertracing/jaeger:2.13.0",
    "versitygw": "versity/versitygw:v1.8.0",
    "mysqld_exporter": "prom/mysqld-exporter:v0.17.2",
    "redis_exporter": "oliver006/redis_exporter:v1.74.0-alpine",
    "node_exporter": "prom/node-exporter:v1.9.1",
}


def image(kind: str) -> str:
    """As Compose reads it: ``${TRADECTL_IMAGE_REDIS:-redis:8}``."""
    return f"${{TRADECTL_IMAGE_{kind.upper()}:-{IMAGES[kind]}}}"
