"""A command of this machine reaches the internal pages of an environment, for as long as it runs.

Each is forwarded to a port of loopback, and the command's environment names them as an auditor's does: `tradectl
audit`, `digest` and `load` read it there. Needs the right to forward ports, and to read the environment's Secret
unless TRADECTL_SECRETS is a folder that has it.
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

from tradectl.deploy.api import CONFIG_MAPS, SECRETS, Cluster
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
    if config is None:
        raise _missing(environment, f"ConfigMap {AUDITOR}")
    urls = msgspec.json.decode(config["data"]["TRADECTL_URLS"], type=dict[str, str])
    told = {name: config["data"][name] for name in ("TRADECTL_KEY", "TRADECTL_OPTIONS")}
    async with AsyncExitStack() as stack:
        folder = os.environ.get("TRADECTL_SECRETS")
        if folder is None:
            folder = stack.enter_context(TemporaryDirectory())
            await _lay(cluster, environment, NAMED.findall("".join(told.values())), Path(folder))
        here = {name: await _forwarded(stack, cluster, environment, url) for name, url in urls.items()}
        yield {**told, "TRADECTL_URLS": msgspec.json.encode(here).decode(), "TRADECTL_SECRETS": folder}


async def _forwarded(stack: AsyncExitStack, cluster: Cluster, environment: str, url: str) -> str:
    parts = urlsplit(url)
    port = await stack.enter_async_context(cluster.forwarded(environment, parts.hostname or "", parts.port or 80))
    return f"{parts.scheme}://127.0.0.1:{port}"


async def _lay(cluster: Cluster, environment: str, names: Sequence[str], folder: Path) -> None:
    """The secrets that are named, as files that their owner alone can read."""
    secret = await cluster.find(SECRETS, environment, SECRET)
    if secret is None:
        raise _missing(environment, f"Secret {SECRET}")
    for name in names:
        path = folder / name
        path.touch(mode=0o600)
        path.write_bytes(base64.b64decode(secret["data"][name]))


def _missing(environment: str, what: str) -> TradectlError:
    hint = f"is it up? `tradectl deploy status {environment}`"
    return TradectlError(f"{environment} has no {what}", hint, ExitCode.NOT_FOUND)
