"""What watches the platform: Prometheus, exporters, Alertmanager, Loki, Jaeger, Grafana; and the S3 for backups."""

from collections.abc import Sequence
from dataclasses import replace
from typing import Any

from tradectl.render.compose.auditing import AUDIT, auditor
from tradectl.render.compose.container import SEVERAL, Container
from tradectl.render.compose.edge import ENVOY
from tradectl.render.compose.images import image
from tradectl.render.compose.links import ASKING, EXPORTERS, PAGES, PUBLISHED
from tradectl.render.compose.profiles import DASHBOARDS, KEEPING, WATCHING
from tradectl.render.compose.servers import MONITOR, volumes
from tradectl.render.secrets import CHAT
from tradectl.render.wiring import DATABASE, TELEMETRY, host
from tradectl.stack.topology import Topology

NOBODY = "65534:65534"
GRAFANA = "472:0"
OPENED = "telemetry-volumes"
VOLUMES = ("prometheus", "loki", "s3")
OBSERVABILITY = "./observability"
TOLD = "${TRADECTL_BACKUP_METRICS:-/var/lib/prometheus/node-exporter}"
"""Where `tradectl backup` lays its page of metrics."""
JAEGER_PORT, OTLP, JAEGER_HEALTH, S3_PORT = 16686, 4318, 13133, 7070


def all_of(topology: Topology) -> dict[str, Container]:
    """By container."""
    return {
        OPENED: volumes(VOLUMES, tuple(dict.fromkeys((*WATCHING, *KEEPING)))),
        "prometheus": prometheus(topology),
        "alertmanager": alertmanager(),
        "mysqld-exporter": mysqld_exporter(),
        "redis-exporter": redis_exporter(),
        "node-exporter": node_exporter(),
        AUDIT: auditor(topology),
        "loki": loki(),
        "jaeger": jaeger(),
        "grafana": grafana(),
        "s3": s3(),
    }


def prometheus(topology: Topology) -> Container:
    """It asks everyone, so it is in every network."""
    services = [host(each.name) for each in topology.services]
    asked = ("prometheus", "sim", ENVOY, "rabbitmq", EXPORTERS, TELEMETRY, "alertmanager", *services)
    return _watcher(
        "prometheus",
        asked,
        port=9090,
        command=(
            "--config.file=/etc/prometheus/prometheus.yml",
            "--storage.tsdb.path=/prometheus",
            "--storage.tsdb.retention.time=15d",
            "--enable-feature=exemplar-storage",
            "--web.enable-lifecycle",
        ),
        volumes=(f"{OBSERVABILITY}/prometheus:/etc/prometheus:ro", "prometheus:/prometheus"),
        health=shell("9090", "/-/ready"),
        memory="1G",
    )


def alertmanager() -> Container:
    """Tells by mail and chat, which the simulated world takes."""
    shown = _watcher(
        "alertmanager",
        ("alertmanager", "sim"),
        port=9093,
        command=(
            "--config.file=/etc/alertmanager/alertmanager.yml",
            "--storage.path=/tmp",
            "--cluster.listen-address=",
        ),
        volumes=(f"{OBSERVABILITY}/alertmanager:/etc/alertmanager:ro",),
        health=shell("9093", "/-/ready"),
    )
    return replace(shown, secrets=CHAT)


def loki() -> Container:
    """Its image has no shell: the program asks itself."""
    return _watcher(
        "loki",
        (TELEMETRY,),
        port=3100,
        command=("-config.expand-env=true", "-config.file=/etc/loki/config.yaml"),
        environment={"LOKI_DATA": "/loki", "LOKI_LISTEN_HOST": "0.0.0.0"},  # noqa: S104 (of the container)
        volumes=(f"{OBSERVABILITY}/loki:/etc/loki:ro", "loki:/loki"),
        health=("loki", "-health"),
        memory="1G",
    )


def jaeger() -> Container:
    """Traces are kept in memory: the last ones. This machine's terminals tell it their clicks."""
    made = _watcher(
        "jaeger",
        (TELEMETRY,),
        port=JAEGER_PORT,
        command=("--config", "/etc/jaeger/config.yaml", "--config", "/etc/jaeger/grpc.yaml"),
        environment={
            "JAEGER_LISTEN_HOST": "0.0.0.0",  # noqa: S104 (of the container)
            "JAEGER_SHARE": "${JAEGER_SHARE:-20}",
        },
        volumes=(f"{OBSERVABILITY}/jaeger:/etc/jaeger:ro",),
        health=shell(str(JAEGER_HEALTH), "/status"),
        memory="1G",
    )
    return replace(made, ports=(*made.ports, published("otlp", OTLP)))


def grafana() -> Container:
    """Dashboards, which lie in the repository."""
    return Container(
        image=image("grafana"),
        user=GRAFANA,
        memory="512M",
        profiles=DASHBOARDS,
        networks={"prometheus": (), TELEMETRY: (), PUBLISHED: ()},
        environment={
            "GF_SECURITY_ADMIN_PASSWORD__FILE": "/run/secrets/grafana_admin",
            "GF_ANALYTICS_REPORTING_ENABLED": "false",
            "GF_ANALYTICS_CHECK_FOR_UPDATES": "false",
            "GF_PATHS_PROVISIONING": "/etc/grafana/provisioning",
        },
        secrets=("grafana_admin",),
        volumes=(f"{OBSERVABILITY}/grafana:/etc/grafana/provisioning:ro",),
        writable=("/tmp", "/var/lib/grafana", "/var/log/grafana"),  # noqa: S108 (in the container)
        ports=(published("grafana", 3000),),
        health=shell("3000", "/api/health"),
    )


def _exporter(name: str, port: int, *reached: str, **more: Any) -> Container:
    """One that measures what is in its networks, and listens among its like."""
    return Container(
        image=image(name),
        user=NOBODY,
        memory="64M",
        profiles=WATCHING,
        networks=dict.fromkeys((*reached, EXPORTERS), ()),
        health=shell(str(port), "/"),
        **more,
    )


def mysqld_exporter() -> Container:
    """The databases' measures, by a user who sees states and no row."""
    told = f"[client]\\nhost=primary\\nuser={MONITOR}\\npassword=%s\\n"
    run = (
        f"printf '{told}' \"$$(cat /run/secrets/mysql_monitor)\" >/tmp/my.cnf;"
        " exec mysqld_exporter --config.my-cnf=/tmp/my.cnf"
    )
    return _exporter("mysqld_exporter", 9104, DATABASE, entrypoint=("sh", "-c", run), secrets=("mysql_monitor",))


def redis_exporter() -> Container:
    """The cache's measures."""
    run = "export REDIS_PASSWORD=$$(cat /run/secrets/redis); exec redis_exporter -redis.addr redis://redis:6379"
    return _exporter("redis_exporter", 9121, "redis", entrypoint=("sh", "-c", run), secrets=("redis",))


def node_exporter() -> Container:
    """This machine's disks, processors and memory; and what backups tell of themselves in a folder of it."""
    collectors = ("cpu", "diskstats", "filesystem", "loadavg", "meminfo", "textfile")
    command = (
        "--path.rootfs=/host",
        "--path.procfs=/host/proc",
        "--collector.disable-defaults",
        *(f"--collector.{each}" for each in collectors),
        "--collector.textfile.directory=/told",
    )
    # A mount of its own, for the engine makes a folder that is not there.
    return _exporter("node_exporter", 9100, command=command, volumes=("/:/host:ro", f"{TOLD}:/told:ro"))


def s3() -> Container:
    """Where backups lie: objects are files of a volume, under the name `tradectl`."""
    run = (
        "export ROOT_ACCESS_KEY=tradectl ROOT_SECRET_KEY=$$(cat /run/secrets/s3_key); mkdir -p /data/backups;"
        f" exec versitygw --port :{S3_PORT} --health /health posix /data"
    )
    return Container(
        image=image("versitygw"),
        user=NOBODY,
        memory="256M",
        profiles=KEEPING,
        networks={"s3": (), PAGES: ()},
        entrypoint=("sh", "-c", run),
        secrets=("s3_key",),
        volumes=("s3:/data",),
        health=shell(str(S3_PORT), "/health"),
        once=(OPENED,),
        ports=(published("s3", S3_PORT),),
    )


def _watcher(
    name: str,
    networks: Sequence[str],
    *,
    port: int,
    command: Sequence[str] | None = None,
    environment: dict[str, str] | None = None,
    volumes: Sequence[str] = (),
    health: Sequence[str] = (),
    memory: str = "256M",
) -> Container:
    """A program whose page is shown on this machine."""
    kept = any(volume.partition(":")[0] in VOLUMES for volume in volumes)
    return Container(
        image=image(name),
        user=NOBODY,
        memory=memory,
        profiles=WATCHING,
        networks=dict.fromkeys((*networks, ASKING if name == "prometheus" else PAGES), ()),
        command=command,
        environment=environment or {},
        volumes=volumes,
        health=health,
        processors=SEVERAL,
        ports=(published(name, port),),
        once=(OPENED,) if kept else (),
    )


def published(name: str, port: int) -> str:
    """On loopback; a variable takes another port of this machine."""
    return f"127.0.0.1:${{TRADECTL_PORT_{name.upper()}:-{port}}}:{port}"


def shell(port: str, path: str) -> tuple[str, ...]:
    """The check that a page says 200, by what the image has: bash, or busybox's wget."""
    ask = f'exec 3<>/dev/tcp/127.0.0.1/{port} && printf "GET {path} HTTP/1.0\\r\\n\\r\\n" >&3 && read -r _ code _ <&3'
    by_bash = f"bash -c '{ask} && [ \"$$code\" = 200 ]'"
    return (
        "sh",
        "-c",
        f"if command -v bash >/dev/null; then {by_bash}; else wget -qO- http://127.0.0.1:{port}{path}; fi",
    )
