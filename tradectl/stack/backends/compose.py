"""A container a part, as Compose has them, under a supervisor of this machine."""

from tradectl.stack.backends.containers import Containers, Provider


class Compose(Containers):
    """The compose backend of one sandbox."""

    name = "compose"

    def provider(self) -> Provider:
        """The module that has Compose make the containers."""
        from tradectl.stack import composed

        return composed

    def working(self) -> dict[str, int]:
        """A child stands for its container: in that is who works."""
        return {name: int((self.ready(name) or {}).get("inside", pid)) for name, pid in super().working().items()}
