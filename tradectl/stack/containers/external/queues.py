"""A virtual host on a RabbitMQ that is not ours."""

from base64 import b64encode
from dataclasses import replace
from urllib.parse import quote

from tradectl.errors import TradectlError
from tradectl.probes import http
from tradectl.stack.containers import answers
from tradectl.stack.containers.external.given import Address

EVERYTHING = {"configure": ".*", "write": ".*", "read": ".*"}
OPEN = "/"
"""RabbitMQ's own virtual host."""


def vhost(life: str) -> str:
    return f"tradectl-{life}"


def provide(broker: Address, management: Address, life: str) -> Address:
    """A virtual host of the sandbox's own where we may make one, else the given one, which has to be ours alone."""
    if not answering(broker):
        raise TradectlError(f"no RabbitMQ answers at {broker}", "check TRADECTL_EXTERNAL_AMQP")
    name = vhost(life)
    if _done("PUT", management, f"vhosts/{name}", {"default_queue_type": "quorum"}):
        if not _done("PUT", management, f"permissions/{name}/{quote(broker.user, safe='')}", EVERYTHING):
            raise TradectlError(f"{broker.user} was not let into {name} of {broker}", "check TRADECTL_EXTERNAL_AMQP")
        return replace(broker, path=name)
    if broker.path in {"", OPEN}:
        hint = "name one in TRADECTL_EXTERNAL_AMQP, or RabbitMQ's HTTP API in TRADECTL_EXTERNAL_AMQP_MANAGEMENT"
        raise TradectlError(f"no virtual host can be made on {broker}, and / is not the sandbox's alone", hint)
    return broker


def answering(broker: Address) -> bool:
    return answers.exchange(broker.port, answers.AMQP, broker.host).startswith(answers.METHOD_FRAME)


def remove(broker: Address, management: Address, life: str) -> list[str]:
    """What of it could not be removed: the queues of a virtual host that was given are its owner's."""
    if _done("DELETE", management, f"vhosts/{vhost(life)}", None, gone=True):
        return []
    return [f"queues in virtual host {broker.path or OPEN} on {broker}"]


def _done(method: str, management: Address, path: str, body: object, *, gone: bool = False) -> bool:
    """Whether RabbitMQ's API has done it; False when there is none, or we may not."""
    token = b64encode(f"{management.user}:{management.password}".encode()).decode()
    url = f"http://{management}/api/{path}"
    try:
        status = http.request(method, url, body=body, headers={"Authorization": f"Basic {token}"}).status
    except http.UnreachableError:
        return False
    return 200 <= status < 300 or (gone and status == 404)
