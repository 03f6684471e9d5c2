"""The files of compose/kubernetes/ that are generated."""

from pathlib import Path

from tradectl.edge.envoy import files
from tradectl.edge.place import Address
from tradectl.edge.places import contained
from tradectl.render.chart.servers import servers
from tradectl.render.chart.topology import parts
from tradectl.render.chart.watching import watching
from tradectl.render.text import as_yaml
from tradectl.render.wiring import GRPC, HTTP
from tradectl.stack.topology import Topology

FOLDER = Path(__file__).parents[3] / "compose/kubernetes"
SPANS = Address("jaeger.observability", 4317)
COMMAND = "tradectl topology render chart"


def rendered(topology: Topology) -> dict[str, str]:
    """The text of each file by its place there."""
    # A headless Service: its name leads to every BFF, and Envoy balances by request.
    edge = contained(bffs=[Address("bff", HTTP)], grpc=[Address("bff", GRPC)], otlp=SPANS)
    return {
        "chart/topology.yaml": as_yaml(parts(topology), COMMAND),
        "data/topology.yaml": as_yaml(servers(topology), COMMAND),
        "observability/topology.yaml": as_yaml(watching(topology), COMMAND),
        **{f"chart/envoy/{name}": text for name, text in files(edge).items()},
    }
