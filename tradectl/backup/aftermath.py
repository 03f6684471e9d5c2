"""What the broker did in the seconds that were lost, taken over from his record once the platform runs again."""

from collections.abc import Mapping

from tradectl.audit import lost
from tradectl.errors import ExitCode, TradectlError
from tradectl.probes import http
from tradectl.probes.eventually import eventually
from tradectl.probes.settled import KEY
from tradectl.stack.backends.backend import Backend

WITHIN = 30.0
"""Seconds for the order service to answer, and the broker to it."""
ORDERS = "orders"


def adopt(backend: Backend) -> Mapping[str, list[str]]:
    """The ids of orders that the venue has and the restored database had not, and of those that were not taken over."""
    if ORDERS not in backend.layout().topology.parts:
        return {"adopted": [], "refused": []}
    address = f"{backend.endpoint(ORDERS)}/internal/adopt"
    headers = {KEY: backend.sandbox.keys()["key"]}

    def asked() -> Mapping[str, list[str]] | None:
        try:
            answer = http.request("POST", address, headers=headers)
        except http.UnreachableError:
            return None
        if answer.status >= 500:
            return None
        if answer.status != 200:
            raise TradectlError(f"orders answered {answer.status}", "`tradectl logs orders` says why", ExitCode.NOT_UP)
        found: Mapping[str, list[str]] = answer.json()
        return found

    hint = "`tradectl ps` says how orders and sim are; then `tradectl backup adopt`"
    done = eventually(asked, WITHIN, what="the broker's record taken over", every=0.2, hint=hint)
    lost.left(backend.sandbox.losses, done["refused"])
    return done
