"""A process a service, on servers that run already."""

from tradectl.stack.backends.containers import Containers, Provider


class External(Containers):
    """The external backend of one sandbox."""

    name = "external"

    def provider(self) -> Provider:
        """The module that asks them for schemas, users and a virtual host."""
        from tradectl.stack.containers import external

        return external
