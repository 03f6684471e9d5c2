"""What an application server is told when it pushes (RFC 8030), also when the endpoint is disturbed."""

import asyncio
import re
from collections.abc import Mapping
from typing import NamedTuple

from services.runtime.clock import wall
from services.runtime.faults import Faults
from sim.push import sender
from sim.push.sender import StrangerError
from sim.push.shelf import Shelf, Subscription

LARGEST = 4_096
"""Octets of a message."""
LONGEST_TTL = 2**31 - 1
TOPIC = re.compile(r"[\w-]{1,32}", re.ASCII)
URGENCIES = ("very-low", "low", "normal", "high")


class Reply(NamedTuple):
    """A status, why, and the number of the message that was kept."""

    status: int
    why: str
    message: int | None = None


class Reception:
    """Takes pushes."""

    def __init__(self, shelf: Shelf, faults: Faults) -> None:
        self._shelf = shelf
        self._faults = faults

    async def push(self, token: str, headers: Mapping[str, str], body: bytes) -> Reply:
        """Commit, then say so; ``headers`` know their names in lower case."""
        if self._faults.find("push.refuse"):
            return Reply(503, "turned away by a fault")
        if late := self._faults.find("push.latency"):
            await asyncio.sleep(late.seconds)
        found = self._shelf.by_token(token)
        if found is None:
            return Reply(404, "there is no such subscription")
        if (gone := self._faults.find("push.gone")) and gone.strikes():
            self._shelf.end(found.id, wall())
            return Reply(410, "ended by a fault")
        if found.gone_at is not None:
            return Reply(410, "the subscription has ended")
        errors = self._faults.find("push.errors")
        fails = errors is not None and errors.strikes()
        if errors is not None and fails and errors.chance.random() < 0.5:
            return Reply(500, "failed by a fault")
        kept = self._kept(found, headers, body)
        return Reply(500, "kept, and failed by a fault") if fails and kept.status == 201 else kept

    def _kept(self, found: Subscription, headers: Mapping[str, str], body: bytes) -> Reply:
        refused = refusal(found, headers, body)
        if refused is not None:
            return refused
        topic, urgency = headers.get("topic"), headers.get("urgency", "normal")
        number = self._shelf.keep(found.id, topic, urgency, int(headers["ttl"]), body, wall())
        return Reply(201, "kept", number)


def refusal(found: Subscription, headers: Mapping[str, str], body: bytes) -> Reply | None:
    """What is wrong with a push; None when it may be kept."""
    try:
        sender.check(headers.get("authorization", ""), found.application_server_key)
    except StrangerError as error:
        return Reply(error.status, str(error))
    ttl = headers.get("ttl", "")
    if not ttl.isascii() or not ttl.isdigit() or int(ttl) > LONGEST_TTL:
        return Reply(400, "TTL is not a number of seconds")
    if "topic" in headers and not TOPIC.fullmatch(headers["topic"]):
        return Reply(400, "Topic is not up to 32 characters of base64url")
    if headers.get("urgency", "normal") not in URGENCIES:
        return Reply(400, f"Urgency is none of {', '.join(URGENCIES)}")
    if headers.get("content-encoding") != "aes128gcm":
        return Reply(415, "Content-Encoding is not aes128gcm")
    if len(body) > LARGEST:
        return Reply(413, f"a message has at most {LARGEST} octets")
    return None
