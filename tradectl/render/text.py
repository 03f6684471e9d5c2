"""Plain data as YAML that people can read."""

from collections.abc import Mapping
from typing import Any

HEAD = """\
# Generated from the topology: `{command}` writes it anew, and a test sees that it is current.
# docs/guides/operator.md says how it is used.
"""


def as_yaml(document: Mapping[str, Any], command: str = "tradectl topology render compose") -> str:
    """The document under its head; no anchor, no line broken."""
    import yaml

    class Plain(yaml.SafeDumper):
        """Says everything where it holds, though it is said again elsewhere."""

        def ignore_aliases(self, data: Any) -> bool:  # noqa: ARG002 (the base's signature)
            return True

    text = yaml.dump(dict(document), Dumper=Plain, sort_keys=False, width=10_000, allow_unicode=True)
    return HEAD.format(command=command) + text
