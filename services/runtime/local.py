"""What lives in this process, by its URL: memory://clock, memory://venue, asgi://orders."""

_offered: dict[str, object] = {}


def offer(url: str, thing: object) -> None:
    """Make a thing of this process known under its URL, in the place of an earlier one."""
    _offered[url] = thing


def find(url: str) -> object:
    """The thing offered under the URL; LookupError when it is not there, or not yet."""
    try:
        return _offered[url]
    except KeyError:
        raise LookupError(f"nothing in this process is offered as {url}") from None


def clear() -> None:
    """Forget everything: between two hosts or two tests of one process."""
    _offered.clear()
