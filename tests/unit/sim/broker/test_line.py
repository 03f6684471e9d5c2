"""What a fault makes of the broker's messages on their way."""

import asyncio

import pytest

from services.fix import tags
from services.fix.codec import GarbledMessageError, decode, encode
from services.fix.message import Value
from services.runtime import faults
from sim.broker.line import Line
from tests.breaking import broken, mend
from tests.eventually import eventually

pytestmark = pytest.mark.usefixtures("mended")


def frame(kind: str, seq: int, *fields: tuple[int, Value]) -> bytes:
    names: list[tuple[int, Value]] = [(tags.SenderCompID, b"BROKER"), (tags.TargetCompID, b"ORDERS")]
    return encode([(tags.MsgType, kind.encode()), (tags.MsgSeqNum, seq), *names, *fields])


REPORTS = [frame("8", seq) for seq in range(2, 12)]


def told(frames: list[bytes]) -> list[bytes]:
    written: list[bytes] = []
    Line(faults.of("broker"))(frames, written.append)
    return written


async def test_without_faults_frames_leave_as_they_are() -> None:
    assert told(REPORTS) == [b"".join(REPORTS)]


async def test_a_gap_loses_frames() -> None:
    broken("broker", "fix.gap", percent=100)
    assert told(REPORTS) == []
    mend("broker")
    broken("broker", "fix.gap", percent=50)
    assert 0 < len(b"".join(told(REPORTS))) < len(b"".join(REPORTS))


async def test_a_wrong_number_is_off_by_the_offset_and_framed_well() -> None:
    broken("broker", "fix.wrong_number", percent=100, offset=7)
    (written,) = told(REPORTS[:1])
    assert decode(written).seq == 9
    mend("broker")
    broken("broker", "fix.wrong_number", percent=100, offset=-7)
    (written,) = told(REPORTS[:1])
    assert decode(written).seq == 1


async def test_a_duplicate_leaves_twice() -> None:
    broken("broker", "fix.duplicate", percent=100)
    assert told(REPORTS[:1]) == [REPORTS[0] * 2]


async def test_a_garbled_frame_has_a_wrong_checksum() -> None:
    broken("broker", "fix.garbled", percent=100)
    for each in REPORTS:
        (written,) = told([each])
        assert len(written) == len(each)
        with pytest.raises(GarbledMessageError):
            decode(written)


@pytest.mark.parametrize("kept", [frame("A", 1), frame("5", 9), frame("8", 9, (tags.PossDupFlag, b"Y"))])
async def test_logons_logouts_and_what_is_resent_pass_as_they_are(kept: bytes) -> None:
    for kind in ("fix.gap", "fix.wrong_number", "fix.duplicate", "fix.garbled"):
        broken("broker", kind, percent=100)
    assert told([kept]) == [kept]


async def test_a_slow_line_keeps_the_order_of_what_it_holds_up() -> None:
    written: list[bytes] = []
    line, loop = Line(faults.of("broker")), asyncio.get_running_loop()
    began = loop.time()
    broken("broker", "fix.slow_ack", ms=60)
    line([REPORTS[1]], written.append)
    line([REPORTS[2]], written.append)
    mend("broker")
    line([REPORTS[3]], written.append)
    assert written == []
    await eventually(lambda: len(written) == 3)
    assert written == REPORTS[1:4]
    assert loop.time() - began >= 0.05


async def test_a_silent_line_says_all_when_it_is_over() -> None:
    written: list[bytes] = []
    line = Line(faults.of("broker"))
    broken("broker", "fix.silent", seconds=0.1)
    line([REPORTS[1]], written.append)
    line([REPORTS[2]], written.append)
    assert written == []
    await eventually(lambda: written == REPORTS[1:3])
