"""The session layer of FIX 4.4 as a state machine: no socket, no clock, no store."""

from services.fix.session.effects import LoggedOn
from services.fix.session.exchange import AbandonedError, Exchange
from services.fix.session.machine import Phase, Session
from services.fix.session.settings import Role, SessionNumbers, SessionSettings, StoredMessage

__all__ = [
    "AbandonedError",
    "Exchange",
    "LoggedOn",
    "Phase",
    "Role",
    "Session",
    "SessionNumbers",
    "SessionSettings",
    "StoredMessage",
]
