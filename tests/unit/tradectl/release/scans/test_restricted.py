from typing import Any

import pytest

from tradectl.release.scans.restricted import broken

OWN = {"allowPrivilegeEscalation": False, "capabilities": {"drop": ["ALL"]}}
POD = {"runAsNonRoot": True, "seccompProfile": {"type": "RuntimeDefault"}}


def pod(own: dict[str, Any] | None = None, of_pod: dict[str, Any] | None = None, **more: Any) -> dict[str, Any]:
    container = {"name": "orders", "securityContext": {**OWN, **(own or {})}}
    return {"containers": [container], "securityContext": {**POD, **(of_pod or {})}, **more}


def test_a_pod_without_any_right_breaks_no_rule() -> None:
    assert list(broken(pod(volumes=[{"name": "tmp", "emptyDir": {}}]))) == []


def test_a_pod_that_says_nothing_breaks_four() -> None:
    assert len(list(broken({"containers": [{"name": "orders"}]}))) == 4


@pytest.mark.parametrize(
    ("spec", "said"),
    [
        (pod({"privileged": True}), "orders: is privileged"),
        (pod({"allowPrivilegeEscalation": True}), "orders: may gain privileges (allowPrivilegeEscalation)"),
        (pod({"capabilities": {"drop": ["NET_RAW"]}}), "orders: does not drop all capabilities"),
        (pod({"capabilities": {"drop": ["ALL"], "add": ["SYS_ADMIN"]}}), "orders: adds the capabilities SYS_ADMIN"),
        (pod({"runAsNonRoot": False}), "orders: may run as root (runAsNonRoot)"),
        (pod({"runAsUser": 0}), "orders: runs as root (runAsUser)"),
        (pod({"seccompProfile": {"type": "Unconfined"}}), "orders: has no seccomp profile"),
        (pod(hostNetwork=True), "hostNetwork is shared with the node"),
        (pod(volumes=[{"name": "disk", "hostPath": {"path": "/"}}]), "volume disk is a hostPath"),
        (pod(of_pod={"sysctls": [{"name": "kernel.msgmax"}]}), "sysctl kernel.msgmax"),
    ],
)
def test_each_right_is_named(spec: dict[str, Any], said: str) -> None:
    assert list(broken(spec)) == [said]


def test_containers_before_the_others_count_too() -> None:
    spec = {**pod(), "initContainers": [{"name": "first"}]}
    assert all(each.startswith("first: ") for each in broken(spec))
