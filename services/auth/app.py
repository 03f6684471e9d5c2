"""Auth, wired."""

from services.auth import api, store
from services.auth.handlers import accounts, factors, watchlists
from services.auth.handlers.keys import Keyring
from services.auth.handlers.passwords import Passwords
from services.auth.manifest import MANIFEST
from services.kernel.service import Service
from services.runtime.resources import Resources, Running


async def run(resources: Resources) -> Running:
    """Start auth, with keys to sign with and, where the host gives one, a first admin."""
    service = await Service.open(MANIFEST, resources, store.metadata)
    passwords = Passwords(service.settings.auth)
    keyring = Keyring(service.database, service.settings.auth)
    stored = await factors.opened(service.database, resources.options)
    await keyring.load()
    await accounts.first_admin(service.database, passwords, resources.options)
    return service.running(
        api.router(service, passwords, keyring, stored),
        consumes=watchlists.CONSUMES,
        tasks=[keyring.run, watchlists.instruments(service).run],
        state=store.STATE,
    )
