"""The servers of a sandbox by their URLs, whoever runs them: schemas copied and put back, queues and cache emptied."""

import time
import zlib
from collections.abc import Callable, Iterator, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from services.contracts.manifest import ServiceManifest
from tradectl.errors import ExitCode, TradectlError
from tradectl.probes import amqp
from tradectl.probes.eventually import eventually
from tradectl.stack.backends.backend import Backend, Listener
from tradectl.stack.backends.containers import Containers
from tradectl.stack.events import StackEvent
from tradectl.stack.snapshots import tables
from tradectl.stack.state import read_json

FOLDER = "databases"
EMPTY_WITHIN = 3.0
"""Seconds until messages are back in their queue after who held them has ended."""
FOLLOWED_WITHIN = 60.0
"""Seconds for a replica."""


@dataclass(frozen=True)
class Servers:
    """Without any, as on embedded parts, each of these does nothing."""

    urls: Mapping[str, Mapping[str, str]]
    """By service, as infrastructure.json has them."""
    services: Sequence[ServiceManifest]
    listen: Listener

    def dump(self, folder: Path) -> None:
        """A file a schema."""
        (folder / FOLDER).mkdir(mode=0o700)
        self._each("copied", lambda service, url: tables.dump(url, file_of(folder, service)))

    def load(self, folder: Path) -> None:
        """Every schema is as in its file, and every replica has it; queues and cache are empty."""
        self.forget()
        self._each("restored", lambda service, url: tables.load(url, file_of(folder, service)))
        self.await_replicas()

    def empty(self) -> None:
        """Nothing is left of anything."""
        self.forget()
        self._each("emptied", lambda _, url: tables.empty(url))
        self.await_replicas()

    def check_drained(self) -> None:
        """TradectlError naming the queues in which something lies: no copy is made of it."""
        with _explained():
            for url in self._all("broker"):
                left: dict[str, int] = {}

                def drained(url: str = url) -> bool | None:
                    nonlocal left
                    left = {name: count for name, count in amqp.count(url, self._queues()).items() if count}
                    return None if left else True

                try:
                    eventually(drained, EMPTY_WITHIN, what="empty queues", every=0.05)
                except TradectlError as error:
                    raise undrained(left) from error

    def forget(self) -> None:
        """Queues are emptied and stay: one that is made anew is lost when RabbitMQ is killed right after."""
        began = time.monotonic()
        with _explained():
            for url in self._all("broker"):
                amqp.purge(url, self._queues())
        for url in self._all("cache"):
            flush(url)
        if self.urls:
            self.listen(StackEvent(kind="emptied", part="queues, cache", seconds=time.monotonic() - began))

    def await_replicas(self) -> None:
        """Every replica has all that its primary has done."""
        for primary, replica in {
            (each["database"], each["replica"]) for each in self.urls.values() if "replica" in each
        }:
            tables.await_replica(primary, replica, FOLLOWED_WITHIN)

    def _queues(self) -> list[str]:
        """Each consumer's, behind it that of its dead letters."""
        named = [service.name for service in self.services if service.consumes]
        return [*named, *(f"{name}.dead" for name in named)]

    def _all(self, what: str) -> set[str]:
        return {each[what] for each in self.urls.values() if what in each}

    def _each(self, done: str, act: Callable[[str, str], None]) -> None:
        """Side by side: the servers do the work."""
        stored = {service: each["database"] for service, each in self.urls.items() if "database" in each}

        def one(service: str) -> None:
            began = time.monotonic()
            act(service, stored[service])
            seconds = time.monotonic() - began
            self.listen(StackEvent(kind=done, part=service, seconds=seconds))  # type: ignore[arg-type]

        with ThreadPoolExecutor(len(stored) or 1) as threads:
            for finished in [threads.submit(one, service) for service in stored]:
                finished.result()


@contextmanager
def servers(backend: Backend, listen: Listener) -> Iterator[Servers]:
    """Those of a sandbox; where it is down they are started, for as long as this takes."""
    services = backend.layout().topology.services
    if not isinstance(backend, Containers):
        yield Servers({}, services, listen)
    elif backend.sandbox.in_use():
        yield _of(backend, services, listen)
    else:
        provider = backend.provider()
        try:
            provider.bring_up(backend.sandbox, services, listen)
            yield _of(backend, services, listen)
        finally:
            provider.take_down(backend.sandbox, keep_data=True)


def _of(backend: Backend, services: Sequence[ServiceManifest], listen: Listener) -> Servers:
    return Servers(read_json(backend.sandbox.infrastructure)["urls"], services, listen)


def file_of(folder: Path, service: str) -> Path:
    return folder / FOLDER / f"{service}.jsonl.gz"


def check(folder: Path) -> None:
    """TradectlError when a copy is not what was written."""
    for file in sorted((folder / FOLDER).glob("*.gz")):
        try:
            tables.check(file)
        except (OSError, EOFError, zlib.error) as error:
            hint = f"`tradectl snapshot rm {folder.name} --name {folder.parent.name}` removes it"
            raise TradectlError(f"{file} is damaged: {error}", hint, ExitCode.STATE_UNUSABLE) from error


def flush(url: str) -> None:
    """Forget all that lies in this database of Redis."""
    from redis import Redis
    from redis.exceptions import RedisError

    try:
        with Redis.from_url(url, socket_timeout=5, socket_connect_timeout=5) as client:
            client.flushdb()
    except RedisError as error:
        raise TradectlError(f"Redis would not be emptied: {error}", "`tradectl ps` says whether it runs") from error


def undrained(left: Mapping[str, int]) -> TradectlError:
    said = ", ".join(f"{count} in {name}" for name, count in sorted(left.items()))
    hint = "`tradectl up` lets them be taken; then save again"
    return TradectlError(f"messages lie in queues: {said}", hint, ExitCode.TIMEOUT)


@contextmanager
def _explained() -> Iterator[None]:
    try:
        yield
    except amqp.UnreachableError as error:
        raise TradectlError(f"no RabbitMQ answers: {error}", "`tradectl ps` says whether it runs") from error
