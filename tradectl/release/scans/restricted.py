"""Pod Security *restricted*, as Kubernetes' own page has it, held against a pod before any cluster sees it."""

from collections.abc import Iterator, Mapping
from typing import Any

VOLUMES = {"configMap", "csi", "downwardAPI", "emptyDir", "ephemeral", "persistentVolumeClaim", "projected", "secret"}
HOST = ("hostNetwork", "hostPID", "hostIPC")
PROFILES = ("RuntimeDefault", "Localhost")
SYSCTLS = {
    "kernel.shm_rmid_forced",
    "net.ipv4.ip_local_port_range",
    "net.ipv4.ip_unprivileged_port_start",
    "net.ipv4.tcp_syncookies",
    "net.ipv4.ping_group_range",
}

Json = Mapping[str, Any]


def broken(spec: Json) -> Iterator[str]:
    """Every rule that a pod breaks, in words."""
    own = spec.get("securityContext", {})
    yield from (f"{each} is shared with the node" for each in HOST if spec.get(each))
    for volume in spec.get("volumes", ()):
        if kinds := set(volume) - {"name"} - VOLUMES:
            yield f"volume {volume['name']} is a {', '.join(sorted(kinds))}"
    yield from (f"sysctl {each['name']}" for each in own.get("sysctls", ()) if each["name"] not in SYSCTLS)
    for kind in ("initContainers", "containers", "ephemeralContainers"):
        for container in spec.get(kind, ()):
            yield from (f"{container['name']}: {said}" for said in _container(own, container))


def _container(pod: Json, container: Json) -> Iterator[str]:
    own = container.get("securityContext", {})
    added = set(own.get("capabilities", {}).get("add", ()))
    if own.get("privileged"):
        yield "is privileged"
    if own.get("allowPrivilegeEscalation") is not False:
        yield "may gain privileges (allowPrivilegeEscalation)"
    if "ALL" not in own.get("capabilities", {}).get("drop", ()):
        yield "does not drop all capabilities"
    if extra := added - {"NET_BIND_SERVICE"}:
        yield f"adds the capabilities {', '.join(sorted(extra))}"
    if not own.get("runAsNonRoot", pod.get("runAsNonRoot")):
        yield "may run as root (runAsNonRoot)"
    if own.get("runAsUser", pod.get("runAsUser")) == 0:
        yield "runs as root (runAsUser)"
    if own.get("seccompProfile", pod.get("seccompProfile", {})).get("type") not in PROFILES:
        yield "has no seccomp profile"
    if any("hostPort" in each for each in container.get("ports", ())):
        yield "takes a port of the node"
