"""Sessions over asyncio: what a read brings is one transaction of the application, then the wire."""

from services.fix.transport.acceptor import Acceptor
from services.fix.transport.endpoint import Application, Endpoint, NotLoggedOnError, Work
from services.fix.transport.initiator import Initiator

__all__ = ["Acceptor", "Application", "Endpoint", "Initiator", "NotLoggedOnError", "Work"]
