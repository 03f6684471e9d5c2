"""What a cluster's API says of things, as small as the tests need it."""

from typing import Any

from tests.unit.tradectl.release.records import release
from tradectl.deploy.applications import Application, read

Json = dict[str, Any]
RELEASE = release("1.1.0")


def application(name: str, of: str = "1.1.0", **status: Any) -> Application:
    """Synced, healthy and on this release, unless said otherwise."""
    digest = release(of).charts["tradectl"].digest
    whole: Json = {
        "sync": {"status": "Synced", "revisions": [digest, "abc"]},
        "health": {"status": "Healthy"},
        "operationState": {"phase": "Succeeded"},
        **status,
    }
    return read(name, {"metadata": {"annotations": {"tradectl/release": of}}, "status": whole})


def both(**status: Any) -> dict[str, Application]:
    """The servers well, and the platform so."""
    return {"data": application("data-dev"), "platform": application("platform-dev", **status)}


def pod(*containers: Json, image: str = RELEASE.images["platform"].address, **status: Any) -> Json:
    return {
        "metadata": {"name": "orders-1"},
        "spec": {"containers": [{"name": "orders", "image": image}]},
        "status": {"containerStatuses": list(containers), **status},
    }


def crashing(restarts: int = 5) -> Json:
    """A container that ends again and again."""
    return {
        "name": "orders",
        "restartCount": restarts,
        "state": {"waiting": {"reason": "CrashLoopBackOff", "message": "back-off 40s"}},
        "lastState": {"terminated": {"exitCode": 3}},
    }


def waiting(reason: str) -> Json:
    """One that was never started."""
    return {"name": "orders", "restartCount": 0, "state": {"waiting": {"reason": reason, "message": "not there"}}}


def rollout(stable: str = "aaa", current: str = "bbb", **status: Any) -> Json:
    """Half way."""
    steps = [{"setWeight": 25}, {"pause": {}}, {"setWeight": 50}, {"pause": {}}]
    return {
        "metadata": {"name": "bff"},
        "spec": {"strategy": {"canary": {"steps": steps}}},
        "status": {
            "phase": "Progressing",
            "stableRS": stable,
            "currentPodHash": current,
            "currentStepIndex": 2,
            **status,
        },
    }


def analysis(phase: str, value: str = "[0.04]", pods: str = "bbb") -> Json:
    return {
        "metadata": {
            "name": "bff-1",
            "ownerReferences": [{"name": "bff"}],
            "labels": {"rollouts-pod-template-hash": pods},
        },
        "status": {
            "phase": phase,
            "metricResults": [
                {"name": "p99", "phase": "Successful", "measurements": [{"value": "[0.2]"}]},
                {"name": "errors", "phase": phase, "measurements": [{"value": value}]},
            ],
        },
    }
