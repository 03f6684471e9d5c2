"""Whether this machine can run the servers in containers."""

from tradectl.errors import TradectlError
from tradectl.stack.containers import engine
from tradectl.stack.containers.images import REGISTRY_TIMEOUT, Images, missing, out_of_reach, settled


def usable(images: Images | None = None) -> str | None:
    """Why it cannot: no engine, or an image that is neither here nor to be had; None when it can."""
    if why := engine.unusable():
        return why
    try:
        client = engine.connect(REGISTRY_TIMEOUT)
        return out_of_reach(client, missing(client, images or settled()))
    except TradectlError as error:
        return error.message
