"""The base of every event: a frozen class with a name, a version and the key of its aggregate."""

from typing import ClassVar, dataclass_transform

import msgspec

REGISTRY: dict[tuple[str, int], type["Event"]] = {}


@dataclass_transform(frozen_default=True, kw_only_default=True)
class Event(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Subclasses name themselves; a field is only ever added as a new version."""

    name: ClassVar[str] = ""
    version: ClassVar[int] = 1
    producer: ClassVar[str] = ""

    def __init_subclass__(cls) -> None:
        super().__init_subclass__()
        if cls.name:
            REGISTRY[cls.name, cls.version] = cls

    @property
    def key(self) -> str:
        """The aggregate whose events keep their order."""
        raise TypeError(f"{type(self).__name__} has no key")

    @property
    def partition(self) -> str:
        """What consumers that are sharded go by: the account or the user where there is one, else the aggregate."""
        return self.key


def event_type(name: str, version: int) -> type[Event]:
    """The class of an event; KeyError for one that this build does not know."""
    return REGISTRY[name, version]
