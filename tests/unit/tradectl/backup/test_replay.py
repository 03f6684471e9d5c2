"""tradectl.backup.replay and tradectl.backup.events"""

from base64 import b64decode
from collections.abc import Sequence

from hypothesis import given
from hypothesis import strategies as st

from tradectl.backup.events import Event, Events, decoded, encoded, lines, statements, unquoted
from tradectl.backup.replay import Replay

HEAD = [
    b"/*!50530 SET @@SESSION.PSEUDO_SLAVE_MODE=1*/;",
    b"DELIMITER /*!*/;",
    b"# at 4",
    b"BINLOG '",
    b"head",
    b"'/*!*/;",
]
FOOT = [b"SET @@SESSION.GTID_NEXT= 'AUTOMATIC' /* added by mysqlbinlog */ /*!*/;", b"DELIMITER ;", b"# End of log file"]


def transaction(moment: int, *, end: bytes = b"COMMIT/*!*/;", event: str = "") -> list[bytes]:
    row = [
        b"### INSERT INTO `orders`.`outbox`",
        b"### SET",
        f"###   @1={moment}".encode(),
        f"###   @2='{event}'".encode(),
    ]
    return [
        f"/*!80001 SET @@session.original_commit_timestamp={moment}*//*!*/;".encode(),
        f"SET @@SESSION.GTID_NEXT= 'u:{moment}'/*!*/;".encode(),
        b"BEGIN",
        b"BINLOG '",
        f"body of {moment}".encode(),
        b"'/*!*/;",
        *(row if event else []),
        end,
    ]


def fed(replay: Replay, written: Sequence[bytes]) -> list[bytes]:
    return [line.rstrip(b"\n") for line in replay.statements(written)]


def bodies(given: Sequence[bytes]) -> list[bytes]:
    return [line for line in given if line.startswith(b"body")]


def test_all_of_a_log_passes_without_its_comments() -> None:
    replay = Replay()
    given = fed(replay, [*HEAD, *transaction(1, event="{}"), *transaction(2), *FOOT])

    assert bodies(given) == [b"body of 1", b"body of 2"]
    assert not any(line.startswith(b"#") for line in given)
    assert given[-1] == b"DELIMITER ;"
    assert (replay.transactions, replay.last) == (2, 2)


@given(st.lists(st.integers(1, 50), max_size=20).map(sorted), st.integers(0, 60))
def test_what_was_committed_after_the_moment_stays_out(moments: list[int], until: int) -> None:
    replay = Replay(until)
    given = fed(replay, [*HEAD, *(line for moment in moments for line in transaction(moment, event="{}")), *FOOT])
    wanted = [moment for moment in moments if moment <= until]

    assert bodies(given) == [f"body of {moment}".encode() for moment in wanted]
    assert [event.id for event in replay.events.found] == wanted


def test_a_transaction_that_was_cut_off_stays_out() -> None:
    replay = Replay()
    cut = transaction(2, end=b"ROLLBACK /* added by mysqlbinlog */ /*!*/;", event="{}")

    assert bodies(fed(replay, [*HEAD, *transaction(1), *cut, *FOOT])) == [b"body of 1"]
    assert (replay.transactions, replay.events.found) == (1, [])


def test_events_are_those_of_outboxes_alone() -> None:
    seen = Events()
    for line in [
        b"### INSERT INTO `orders`.`orders`",
        b"###   @1='no event'",
        b"###   @2='no event'",
        *transaction(7, event='{"name": "it\\\'s \\\\ a\\nb"}'),
        b"### DELETE FROM `orders`.`outbox`",
        b"###   @1=9",
        b"###   @2='no event'",
    ]:
        seen.see(line)

    (event,) = seen.found
    assert (event.service, event.id) == ("orders", 7)
    assert b64decode(event.envelope) == b'{"name": "it\'s \\ a\nb"}'


@given(st.text(max_size=30))
def test_a_text_of_the_log_is_read_as_it_was(text: str) -> None:
    plain = text.encode()
    written = plain
    for raw, shown in (
        (b"\\", b"\\\\"),
        (b"'", b"\\'"),
        (b"\n", b"\\n"),
        (b"\r", b"\\r"),
        (b"\t", b"\\t"),
        (b"\0", b"\\0"),
    ):
        written = written.replace(raw, shown)

    assert unquoted(b"'" + written + b"'") == plain


@given(st.lists(st.binary(max_size=9).filter(lambda line: b"\n" not in line)), st.integers(1, 5))
def test_lines_are_found_in_whatever_pieces_they_come(written: list[bytes], size: int) -> None:
    document = b"".join(line + b"\n" for line in written)
    assert list(lines(document[start : start + size] for start in range(0, len(document), size))) == written


def test_events_are_kept_and_laid_out_again() -> None:
    found = [Event("orders", 7, "e30="), Event("portfolio", 8, "e30=")]

    assert decoded(b"".join(encoded(found))) == found
    assert next(statements(found)) == (
        b"INSERT IGNORE INTO `orders`.outbox (id, envelope) VALUES (7, FROM_BASE64('e30='));\n"
    )
