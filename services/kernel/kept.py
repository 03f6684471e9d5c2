"""Values that their owner keeps in the cache for all, and says itself where the cache has them not."""

from collections.abc import Callable, Sequence
from contextlib import suppress
from dataclasses import dataclass

import msgspec

from services.kernel.cache import Cache, CacheLost
from services.kernel.peers import Peer, PeerUnavailable

PAGE = msgspec.json.Decoder(dict[str, msgspec.Raw])


@dataclass(frozen=True)
class Kept:
    """``path`` is the owner's internal page of many by name, ``key`` a name's key in the cache; values are JSON."""

    cache: Cache
    owner: Peer
    path: str
    key: Callable[[str], str]

    async def of(self, names: Sequence[str]) -> dict[str, bytes]:
        """By name, those that the cache has or its owner can be asked for now."""
        try:
            cached = await self.cache.get_all([self.key(name) for name in names])
        except CacheLost:
            cached = [None] * len(names)
        found = {name: value for name, value in zip(names, cached, strict=True) if value is not None}
        missing = [name for name in names if name not in found]
        with suppress(PeerUnavailable):
            if missing:
                found |= await said(self.owner, self.path, missing)
        return found


async def said(owner: Peer, path: str, names: Sequence[str]) -> dict[str, bytes]:
    """What the owner says of these names itself, those that it knows; PeerUnavailable when it can't say now."""
    answer = await owner.request("GET", path, query={"names": ",".join(names)}, internal=True)
    if answer.status >= 400:
        raise PeerUnavailable(owner.name, f"{owner.name} answered {answer.status}")
    return {name: bytes(value) for name, value in PAGE.decode(answer.body).items()}
