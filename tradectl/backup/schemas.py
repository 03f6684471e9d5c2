"""Which schemas of a server are the platform's: a server that was given to us may have others'."""

import re
from functools import cache

from tradectl.stack.containers.external import databases
from tradectl.stack.topology import platform

LIFE = "[0-9a-f]{12}"
"""Of a sandbox."""


def ours(name: str) -> bool:
    """A service's, of any sandbox or of none."""
    return bool(_form().fullmatch(name))


def names_ours(statement: str) -> bool:
    """Whether it speaks of something in a schema of ours by that schema's name."""
    return bool(re.search(rf"(?<![\w`])`?(?:{_form().pattern})`?\s*\.", statement))


@cache
def _form() -> re.Pattern[str]:
    stored = "|".join(service.name for service in platform().services if service.database)
    return re.compile(f"(?:{databases.schema(LIFE, '')})?(?:{stored})")
