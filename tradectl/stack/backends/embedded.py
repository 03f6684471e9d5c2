"""Everything in one process under a supervisor, without Docker."""

from tradectl.stack.backends.local import Local


class Embedded(Local):
    """The embedded backend of one sandbox."""

    name = "embedded"
