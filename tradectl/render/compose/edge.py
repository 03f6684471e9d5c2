"""The door: Envoy before the BFFs, with the configuration that `tradectl topology render envoy` writes."""

from tradectl.render.compose.container import SEVERAL, Container
from tradectl.render.compose.images import image
from tradectl.render.compose.links import PUBLISHED, own
from tradectl.render.compose.profiles import CORE
from tradectl.render.wiring import TELEMETRY

ENVOY = "envoy"
HTTPS, METRICS = 8443, 9902
CERTIFICATES = "${TRADECTL_CERTS_FOLDER:-./certs}"
FILES = {"server_certificate": "server.pem", "server_key": "server.key"}
"""The server's certificate and key, as `tradectl certs make` calls them."""


def envoy() -> Container:
    """It is reached by this machine and asked by Prometheus; it calls the BFFs, and tells spans."""
    # Envoy has no ear for HTTP/1.0.
    asked = "GET /ready HTTP/1.1\\r\\nHost: envoy\\r\\nConnection: close\\r\\n\\r\\n"
    look = f"exec 3<>/dev/tcp/127.0.0.1/{METRICS} && printf '{asked}' >&3"
    return Container(
        image=image("envoy"),
        user="10001:10001",
        memory="512M",
        profiles=CORE,
        networks={"bff": (), ENVOY: (own(ENVOY),), TELEMETRY: (), PUBLISHED: ()},
        entrypoint=("envoy",),
        command=("--config-path", "/etc/envoy/envoy.yaml", "--log-level", "warning"),
        files={"envoy": "/etc/envoy/envoy.yaml", "envoy-certificate": "/etc/envoy/certificate.yaml"},
        secrets_at={name: f"/certs/{file}" for name, file in FILES.items()},
        health=("bash", "-c", f'{look} && read -r -t 4 _ code _ <&3 && [ "$$code" = 200 ]'),
        after=("bff", "bff-2"),
        processors=SEVERAL,
        ports=(f"127.0.0.1:${{TRADECTL_PORT_HTTPS:-{HTTPS}}}:{HTTPS}",),
    )


def secrets() -> dict[str, dict[str, str]]:
    """The certificate among Compose's secrets."""
    return {name: {"file": f"{CERTIFICATES}/{file}"} for name, file in FILES.items()}


def configs() -> dict[str, str]:
    """Envoy's two files among Compose's configs."""
    return {"envoy": "envoy/envoy.yaml", "envoy-certificate": "envoy/certificate.yaml"}
