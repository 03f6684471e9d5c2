"""A cluster's API, spoken to with the caller's own kubeconfig."""

import asyncio
import socket
from collections.abc import AsyncIterator, Awaitable, Callable, Mapping
from contextlib import AsyncExitStack, asynccontextmanager, suppress
from dataclasses import dataclass
from functools import cached_property
from typing import Any, TypeVar

import httpx
import kr8s
import kr8s.asyncio
import msgspec
from kr8s.asyncio.objects import Service

from tradectl.errors import ExitCode, TradectlError

T = TypeVar("T")
Json = dict[str, Any]
TIMEOUT = 20.0
"""Seconds for an answer."""
TRIES = 5
"""Of a port."""
MERGE, APPLY = "application/merge-patch+json", "application/apply-patch+yaml"
LOST = (httpx.TransportError, OSError, kr8s.APITimeoutError, kr8s.NotFoundError, kr8s.ServerError, ValueError)
DENIED, MISSING, CONFLICT = 403, 404, 409


class Contradicted(TradectlError):
    """Somebody else has changed it since it was read, or has made it."""


@dataclass(frozen=True)
class Kind:
    """``version`` is the API's, with its group: apps/v1."""

    version: str
    plural: str
    namespaced: bool = True


APPLICATIONS = Kind("argoproj.io/v1alpha1", "applications")
APPLICATION_SETS = Kind("argoproj.io/v1alpha1", "applicationsets")
ROLLOUTS = Kind("argoproj.io/v1alpha1", "rollouts")
ANALYSES = Kind("argoproj.io/v1alpha1", "analysisruns")
LEASES = Kind("coordination.k8s.io/v1", "leases")
CONFIG_MAPS, SECRETS = Kind("v1", "configmaps"), Kind("v1", "secrets")
NAMESPACES = Kind("v1", "namespaces", namespaced=False)
PODS = Kind("v1", "pods")
CRON_JOBS = Kind("batch/v1", "cronjobs")


class Cluster:
    """Every method raises TradectlError: NOT_UP where nothing answers, CONFLICT for what was refused."""

    def __init__(self, api: "kr8s.asyncio.Api") -> None:
        self._api = api

    async def find(self, kind: Kind, namespace: str, name: str) -> Json | None:
        """An object; none where there is none."""
        answer = await self._ask("GET", kind, namespace, name, wanted=False)
        return None if answer is None else msgspec.json.decode(answer.content, type=Json)

    async def each(self, kind: Kind, namespace: str, selector: str = "") -> list[Json]:
        """Objects with these labels; none where the cluster does not know the kind."""
        query = {"labelSelector": selector} if selector else {}
        answer = await self._ask("GET", kind, namespace, query=query, wanted=False)
        return [] if answer is None else msgspec.json.decode(answer.content)["items"]

    async def create(self, kind: Kind, namespace: str, made: Json) -> Json:
        """A new object; Contradicted where it is there."""
        return await self._change("POST", kind, namespace, "", made, "application/json")

    async def merge(self, kind: Kind, namespace: str, name: str, change: Json, part: str = "") -> Json:
        """Change an object, or a subresource of it (RFC 7396); Contradicted where it is not at the resourceVersion."""
        return await self._change("PATCH", kind, namespace, f"{name}/{part}" if part else name, change, MERGE)

    async def would_be(self, kind: Kind, namespace: str, wanted: Json, manager: str) -> Json:
        """What a server-side apply would make of an object; nothing is changed."""
        query = {"dryRun": "All", "fieldManager": manager, "force": "true"}
        return await self._change("PATCH", kind, namespace, wanted["metadata"]["name"], wanted, APPLY, query)

    async def kind_of(self, wanted: Json) -> Kind:
        """The API's name of an object's kind; TradectlError where it knows none."""
        version, kind = wanted["apiVersion"], wanted["kind"]
        for each in await self._kinds:
            if (each["version"], each["kind"]) == (version, kind):
                return Kind(version, each["name"], each["namespaced"])
        raise TradectlError(
            f"the cluster knows no {kind} of {version}", "is what brings it installed?", ExitCode.CONFLICT
        )

    async def lines(self, namespace: str, pod: str, container: str, last: int, *, before: bool = False) -> str:
        """The last lines that a container wrote; of the one before it, which ended, where asked for."""
        query = {"container": container, "tailLines": str(last), "previous": str(before).lower()}
        answer = await self._ask("GET", PODS, namespace, f"{pod}/log", query=query, wanted=False)
        return "" if answer is None else answer.text

    async def page(self, namespace: str, service: str, port: int, path: str) -> Any:
        """A page of a service within, as JSON; none where it does not answer."""
        kind = Kind("v1", "services")
        answer = await self._ask("GET", kind, namespace, f"{service}:{port}/proxy/{path}", wanted=False)
        return None if answer is None else msgspec.json.decode(answer.content)

    @asynccontextmanager
    async def forwarded(self, namespace: str, service: str, port: int) -> AsyncIterator[int]:
        """A port of loopback that leads to a ready pod of a service."""
        what = f"forward {service}:{port} in {namespace}"
        found = await _answered(lambda: Service.get(service, namespace=namespace, api=self._api), what)
        async with AsyncExitStack() as stack:
            yield await _bound(stack, found, port)

    @cached_property
    def _kinds(self) -> "Awaitable[list[Json]]":
        return asyncio.ensure_future(_answered(self._api.async_api_resources, "list kinds"))

    async def _change(
        self, method: str, kind: Kind, namespace: str, name: str, body: Json, form: str, query: Mapping[str, str] = {}
    ) -> Json:
        answer = await self._ask(method, kind, namespace, name, body, form, query)
        changed: Json = msgspec.json.decode(answer.content) if answer is not None else {}
        return changed

    async def _ask(
        self,
        method: str,
        kind: Kind,
        namespace: str,
        name: str = "",
        body: Json | None = None,
        form: str = "application/json",
        query: Mapping[str, str] = {},
        *,
        wanted: bool = True,
    ) -> httpx.Response | None:
        """An answer; none for what is not there or does not answer within, where it is not ``wanted``."""

        async def asked() -> httpx.Response:
            async with self._api.call_api(
                method,
                version=kind.version,
                namespace=namespace if kind.namespaced else None,
                url=f"{kind.plural}/{name}".rstrip("/"),
                params=dict(query),
                headers={"content-type": form},
                content=None if body is None else msgspec.json.encode(body),
                raise_for_status=False,
            ) as response:
                return response

        what = f"{method.lower()} {kind.plural}{f' {name}' if name else ''} in {namespace}"
        answer = await _answered(asked, what)
        if answer.is_success:
            return answer
        if not wanted and (answer.status_code == MISSING or answer.is_server_error):
            return None
        raise _refused(answer, what)


@asynccontextmanager
async def connected(context: str | None = None) -> AsyncIterator[Cluster]:
    """The cluster of a kubeconfig's context, the current one unless named."""
    api = await _answered(lambda: kr8s.asyncio.api(context=context), "connect")
    api.timeout = TIMEOUT
    try:
        yield Cluster(api)
    finally:
        if api._session is not None:  # kr8s itself never closes what it has opened
            await api._session.aclose()


async def _bound(stack: AsyncExitStack, service: Service, port: int) -> int:
    """A port of loopback; kr8s by itself takes one by chance, be it free or not."""
    for _ in range(TRIES):
        with socket.socket() as found:
            found.bind(("127.0.0.1", 0))
            local: int = found.getsockname()[1]
        with suppress(OSError):  # somebody else was quicker
            return int(await stack.enter_async_context(service.portforward(port, local_port=local)))
    raise TradectlError("there is no free port on loopback", "try again", ExitCode.PORT_TAKEN)


async def _answered(asked: Callable[[], Awaitable[T]], what: str) -> T:
    try:
        return await asked()
    except LOST as error:
        hint = "look at KUBECONFIG and --context: `kubectl cluster-info`"
        raise TradectlError(f"the cluster does not answer ({what}): {error}", hint, ExitCode.NOT_UP) from error


def _refused(answer: httpx.Response, what: str) -> TradectlError:
    try:
        said = str(msgspec.json.decode(answer.content)["message"])
    except (msgspec.DecodeError, KeyError, TypeError):
        said = answer.text[:200] or f"status {answer.status_code}"
    if answer.status_code == CONFLICT:
        return Contradicted(f"{what}: {said}", "try again", ExitCode.CONFLICT)
    hint = "ask for the role of a deployer (docs/guides/release.md)" if answer.status_code == DENIED else ""
    return TradectlError(f"{what}: {said}", hint, ExitCode.CONFLICT)
