"""A command of this machine reaches the internal pages of an environment, for as long as it runs.

Each is forwarded to a port of loopback, and the command's environment names them as an auditor's does: `tradectl
audit`, `digest` and `load` read it there. Needs the rights to read the environment's Secret and to forward ports.
"""

import asyncio
import base64
import os
import re
from collections.abc import AsyncIterator, Mapping, Sequence
from contextlib import AsyncExitStack, asynccontextmanager
from pathlib import Path
from tempfile import TemporaryDirectory
from urllib.parse import urlsplit

import msgspec

from tradectl.deploy.api import CONFIG_MAPS, SECRETS, Cluster, Json
from tradectl.errors import ExitCode, TradectlError

AUDITOR, SECRET = "auditor", "tradectl"
"""Whose ConfigMap says where the pages are, and the Secret that it names keys of."""
NAMED = re.compile(r"<([a-z0-9_-]+)>")


async def run(cluster: Cluster, environment: str, command: Sequence[str]) -> int:
    """Run it; how it ended."""
    async with reached(cluster, environment) as told:
        try:
            process = await asyncio.create_subprocess_exec(*command, env={**os.environ, **told})
        except FileNotFoundError as error:
            raise TradectlError(f"there is no {command[0]}", "", ExitCode.USAGE) from error
        return await process.wait()


@asynccontextmanager
async def reached(cluster: Cluster, environment: str) -> AsyncIterator[Mapping[str, str]]:
    """The variables that say where everything is."""
    config = await cluster.find(CONFIG_MAPS, environment, AUDITOR)
    secret = await cluster.find(SECRETS, environment, SECRET)
    if config is None or secret is None:
        missing = f"ConfigMap {AUDITOR}" if config is None else f"Secret {SECRET}"
        hint = f"is it up? `tradectl deploy status {environment}`"
        raise TradectlError(f"{environment} has no {missing}", hint, ExitCode.NOT_FOUND)
    urls = msgspec.json.decode(config["data"]["TRADECTL_URLS"], type=dict[str, str])
    told = {name: config["data"][name] for name in ("TRADECTL_KEY", "TRADECTL_OPTIONS")}
    async with AsyncExitStack() as stack:
        folder = Path(stack.enter_context(TemporaryDirectory()))
        _lay(secret, NAMED.findall("".join(told.values())), folder)
        here = {name: await _forwarded(stack, cluster, environment, url) for name, url in urls.items()}
        yield {**told, "TRADECTL_URLS": msgspec.json.encode(here).decode(), "TRADECTL_SECRETS": str(folder)}


async def _forwarded(stack: AsyncExitStack, cluster: Cluster, environment: str, url: str) -> str:
    parts = urlsplit(url)
    port = await stack.enter_async_context(cluster.forwarded(environment, parts.hostname or "", parts.port or 80))
    return f"{parts.scheme}://127.0.0.1:{port}"


def _lay(secret: Json, names: Sequence[str], folder: Path) -> None:
    """The secrets that are named, as files that their owner alone can read."""
    for name in names:
        path = folder / name
        path.touch(mode=0o600)
        path.write_bytes(base64.b64decode(secret["data"][name]))
