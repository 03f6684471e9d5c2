"""A database as it is before anybody uses it: made once for an image, kept in a volume, copied at each first start.

Making one costs a server some eight seconds of a processor; copying it, less than one. It holds no password and no key.
"""

from collections.abc import Iterator
from typing import TYPE_CHECKING

from tradectl.stack.containers.engine import explained
from tradectl.stack.containers.labelled import Thing

if TYPE_CHECKING:
    from docker import DockerClient

INSIDE = "/tradectl/fresh"
IMAGE = "tradectl.fresh"
"""The label that says of which image it is."""


def volume(client: "DockerClient", image: str) -> str:
    """The name of the volume for an image that the engine has; made, and empty, where there is none."""
    from docker.errors import NotFound

    with explained(f"make the volume of fresh data for {image}"):
        known = str(client.images.get(image).id)
        name = f"tradectl-fresh-{known.removeprefix('sha256:')[:12]}"
        try:
            client.volumes.get(name)
        except NotFound:
            client.volumes.create(name, labels={IMAGE: known})
        return name


def outlived(client: "DockerClient") -> Iterator[Thing]:
    """The volumes whose image the engine no longer has."""
    from docker.errors import ImageNotFound

    with explained("list its volumes of fresh data"):
        for each in client.volumes.list(filters={"label": IMAGE}):
            labels = each.attrs.get("Labels") or {}
            try:
                client.images.get(labels[IMAGE])
            except ImageNotFound:
                yield Thing("volume", each.name, labels, itself=each)
