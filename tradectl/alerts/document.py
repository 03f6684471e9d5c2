"""YAML that is generated: read by people too, so lists and texts are as a person would write them."""

from collections.abc import Mapping
from typing import Any


def text(document: Mapping[str, Any], head: str) -> str:
    """The document below a comment of whole lines."""
    import yaml

    body = yaml.safe_dump(dict(document), sort_keys=False, width=110, allow_unicode=True)
    return "".join(f"# {line}\n" for line in head.splitlines()) + body
