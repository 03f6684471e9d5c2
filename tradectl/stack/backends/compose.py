"""A container a part, as Compose has them, under a supervisor of this machine."""

from tradectl.stack.backends.containers import Containers, Provider


class Compose(Containers):
    """The compose backend of one sandbox."""

    name = "compose"

    def provider(self) -> Provider:
        """The module that has Compose make the containers."""
        from tradectl.stack import composed

        return composed
