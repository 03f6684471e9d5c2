"""Why a message is rejected at session level (SessionRejectReason, tag 373), with the texts that go with it."""

from enum import IntEnum
from typing import NamedTuple


class SessionRejectReason(IntEnum):
    """Values of tag 373 (FIX 4.4 volume 6)."""

    INVALID_TAG_NUMBER = 0
    REQUIRED_TAG_MISSING = 1
    TAG_NOT_DEFINED_FOR_MSG_TYPE = 2
    TAG_WITHOUT_VALUE = 4
    VALUE_INCORRECT = 5
    INCORRECT_DATA_FORMAT = 6
    COMP_ID_PROBLEM = 9
    SENDING_TIME_ACCURACY_PROBLEM = 10
    INVALID_MSG_TYPE = 11
    TAG_APPEARS_MORE_THAN_ONCE = 13
    TAG_OUT_OF_REQUIRED_ORDER = 14
    GROUP_FIELDS_OUT_OF_ORDER = 15
    INCORRECT_NUM_IN_GROUP = 16
    OTHER = 99


TEXTS = {
    SessionRejectReason.INVALID_TAG_NUMBER: "Invalid tag number",
    SessionRejectReason.REQUIRED_TAG_MISSING: "Required tag missing",
    SessionRejectReason.TAG_NOT_DEFINED_FOR_MSG_TYPE: "Tag not defined for this message type",
    SessionRejectReason.TAG_WITHOUT_VALUE: "Tag specified without a value",
    SessionRejectReason.VALUE_INCORRECT: "Value is incorrect (out of range) for this tag",
    SessionRejectReason.INCORRECT_DATA_FORMAT: "Incorrect data format for value",
    SessionRejectReason.COMP_ID_PROBLEM: "CompID problem",
    SessionRejectReason.SENDING_TIME_ACCURACY_PROBLEM: "SendingTime accuracy problem",
    SessionRejectReason.INVALID_MSG_TYPE: "Invalid MsgType",
    SessionRejectReason.TAG_APPEARS_MORE_THAN_ONCE: "Tag appears more than once",
    SessionRejectReason.TAG_OUT_OF_REQUIRED_ORDER: "Tag specified out of required order",
    SessionRejectReason.GROUP_FIELDS_OUT_OF_ORDER: "Repeating group fields out of order",
    SessionRejectReason.INCORRECT_NUM_IN_GROUP: "Incorrect NumInGroup count for repeating group",
    SessionRejectReason.OTHER: "Logon within a session",
}


class SessionReject(NamedTuple):
    """The answer to a message that is well framed and still wrong; ``tag`` is the field at fault, if one is."""

    reason: SessionRejectReason
    tag: int | None = None

    @property
    def text(self) -> str:
        """Text (58) as the acceptance definitions expect it."""
        return TEXTS[self.reason]
