"""``python -m services.kernel.migrate expand|all SERVICE...``: schemas brought up to date before their services start.

TRADECTL_URLS is a JSON object of databases by service, with ``<name>`` for a secret (services/runtime/environment.py).
``expand`` is run before a release and ``all`` once the release before it is gone; both may be run again at any time.
"""

import asyncio
import os
import sys
from collections.abc import Mapping, Sequence

from services.kernel import migrations
from services.kernel.database import Database
from services.kernel.lost import is_lost
from services.runtime import log, logfile
from services.runtime.clock import WALL
from services.runtime.environment import Given

PATIENCE = 120.0
"""Seconds for which a database that does not answer is waited for."""
PAUSE = 1.0


async def migrate(services: Sequence[str], urls: Mapping[str, str], phase: migrations.Phase) -> None:
    """One after the other; the first that fails ends it."""
    for service in services:
        database = Database(urls[service], WALL)
        try:
            async with asyncio.timeout(PATIENCE):
                await _until_there(database, service, phase)
        finally:
            await database.close()
        log.logger(service).info("schema", phase=phase.value)


async def _until_there(database: Database, service: str, phase: migrations.Phase) -> None:
    while True:
        try:
            return await migrations.upgrade(database, service, phase)
        except Exception as error:
            if not is_lost(error):
                raise
            log.logger(service).warning("database is waited for", error=str(error))
            await asyncio.sleep(PAUSE)


def main() -> None:
    phase, *services = sys.argv[1:]
    logfile.configure(None, process="migrations")
    asyncio.run(migrate(services, Given(os.environ).names("TRADECTL_URLS"), migrations.Phase(phase)))


if __name__ == "__main__":
    main()
