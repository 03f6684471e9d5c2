"""Real servers as an integration test's parts."""

import json
from collections import defaultdict
from functools import cached_property
from pathlib import Path

from tests import containers
from tests.parts import FILE

_free: defaultdict[str, list[str]] = defaultdict(list)
"""Schemas that a test has given back, by name: tables take longer to make than to empty."""


class Containers:
    """A schema a name, a virtual host, and the worker's cache with nothing in it."""

    def __init__(self, folder: Path) -> None:
        self._file = folder / FILE
        self._databases: dict[str, str] = {}
        self._bare: dict[str, str] = {}

    @cached_property
    def broker(self) -> str:
        return containers.create_vhost()

    @cached_property
    def cache(self) -> str:
        return containers.empty_cache()

    def database(self, name: str) -> str:
        if name not in self._databases:
            self._databases[name] = _free[name].pop() if _free[name] else containers.create_schema()
        return self._databases[name]

    def bare_database(self, name: str) -> str:
        if name not in self._bare:
            self._bare[name] = containers.create_schema()
        return self._bare[name]

    def hand_over(self, *databases: str) -> None:
        urls = {name: self.database(name) for name in databases}
        self._file.write_text(json.dumps({"broker": self.broker, "cache": self.cache, "databases": urls}))

    def give_back(self) -> None:
        """Schemas are emptied for who asks for that name next."""
        if "broker" in self.__dict__:
            containers.delete_vhost(self.broker)
        for name, url in self._databases.items():
            containers.empty_schema(url)
            _free[name].append(url)
        for url in self._bare.values():
            containers.drop_schema(url)
