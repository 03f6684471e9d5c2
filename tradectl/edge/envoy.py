"""The whole configuration of an Envoy, as the two files that it reads."""

from collections.abc import Mapping
from typing import Any

from tradectl.edge.clusters import Json, clusters, socket_address, typed
from tradectl.edge.listeners import clients, metrics, secret
from tradectl.edge.place import LOOPBACK, Address, Place

CONFIGURATION, CERTIFICATE = "envoy.yaml", "certificate.yaml"
HEAD = "# Written by `tradectl topology render envoy`.\n"


def files(place: Place) -> Mapping[str, str]:
    """By name: the configuration, and the certificate that it watches."""
    return {CONFIGURATION: as_yaml(bootstrap(place)), CERTIFICATE: as_yaml(secret(place))}


def bootstrap(place: Place) -> Json:
    """What Envoy starts with; nothing is fetched later but addresses and the certificate."""
    return {
        "node": {"id": "edge", "cluster": "tradectl"},
        "admin": {"address": socket_address(Address(LOOPBACK, place.admin))},
        "static_resources": {
            "listeners": [clients(place), metrics(place)],
            "clusters": list(clusters(place)),
        },
        "overload_manager": {
            "resource_monitors": [
                {
                    "name": "envoy.resource_monitors.global_downstream_max_connections",
                    "typed_config": typed(
                        "envoy.extensions.resource_monitors.downstream_connections.v3.DownstreamConnectionsConfig",
                        max_active_downstream_connections=place.limits.connections,
                    ),
                }
            ]
        },
    }


def as_yaml(document: Any) -> str:
    """The document as a file, without anchors."""
    import yaml

    class Plain(yaml.SafeDumper):
        def ignore_aliases(self, _: Any) -> bool:
            return True

    return HEAD + yaml.dump(document, Dumper=Plain, sort_keys=False, width=120)
