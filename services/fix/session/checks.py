"""Whether a message comes from whom and from when it should (FIX 4.4 volume 2, test cases 2f, 2g, 2k, 2o)."""

from services.fix import tags
from services.fix.message import Message
from services.fix.rejection import SessionReject, SessionRejectReason
from services.fix.session.settings import SessionSettings
from services.fix.timestamps import microseconds


def origin_fault(message: Message, settings: SessionSettings, now: int) -> SessionReject | None:
    """Wrong names or a SendingTime too far from ours; what is absent or malformed is left to the dictionary."""
    sender, target = message.get(tags.SenderCompID), message.get(tags.TargetCompID)
    if sender and sender != settings.target_comp_id.encode():
        return SessionReject(SessionRejectReason.COMP_ID_PROBLEM)
    if target and target != settings.sender_comp_id.encode():
        return SessionReject(SessionRejectReason.COMP_ID_PROBLEM)
    sent = _time(message, tags.SendingTime)
    if sent is not None and abs(now - sent) > settings.sending_time_tolerance:
        return SessionReject(SessionRejectReason.SENDING_TIME_ACCURACY_PROBLEM)
    return None


def duplicate_fault(message: Message) -> SessionReject | None:
    """A possible duplicate says when it was first sent, and that was not later; a gap fill need not."""
    if not message.flag(tags.PossDupFlag) or message.msg_type == "4":
        return None
    if message.get(tags.OrigSendingTime) is None:
        return SessionReject(SessionRejectReason.REQUIRED_TAG_MISSING, tags.OrigSendingTime)
    original, sent = _time(message, tags.OrigSendingTime), _time(message, tags.SendingTime)
    if original is not None and sent is not None and original > sent:
        return SessionReject(SessionRejectReason.SENDING_TIME_ACCURACY_PROBLEM)
    return None


def _time(message: Message, tag: int) -> int | None:
    value = message.get(tag)
    try:
        return microseconds(value) if value else None
    except ValueError:
        return None
