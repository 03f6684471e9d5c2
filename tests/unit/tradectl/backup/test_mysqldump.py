"""tradectl.backup.mysqldump"""

from hypothesis import given
from hypothesis import strategies as st

from tradectl.backup.mysqldump import Dumped, rows_in

DUMP = b"""\
-- MySQL dump 10.13  Distrib 9.7.4
SET @MYSQLDUMP_TEMP_LOG_BIN = @@SESSION.SQL_LOG_BIN;
SET @@SESSION.SQL_LOG_BIN= 0;

SET @@GLOBAL.GTID_PURGED=/*!80000 '+'*/ '15099bf2-ec6f-11f1-ab8b-0242ac120002:1-6,
25099bf2-ec6f-11f1-ab8b-0242ac120002:1-9';
-- CHANGE REPLICATION SOURCE TO SOURCE_LOG_FILE='binlog.000002', SOURCE_LOG_POS=1767;

USE `orders`;

CREATE TABLE `orders` (
  `id` bigint NOT NULL
);
INSERT INTO `orders` VALUES (1,'it\\'s; \\\\'),(2,'),('),(3,_binary 0x00);
INSERT INTO `orders` VALUES (4,NULL,'');
CREATE TABLE `outbox` (
USE `chat`;
CREATE TABLE `orders` (
INSERT INTO `orders` VALUES (1,'INSERT INTO `orders` VALUES (1)');
-- Dump completed on 2026-11-30  3:36:06
"""


def seen(dump: bytes, size: int) -> Dumped:
    dumped = Dumped()
    for start in range(0, len(dump), size):
        dumped.see(dump[start : start + size])
    return dumped


@given(st.integers(1, 400))
def test_rows_are_counted_by_table_in_whatever_pieces_the_dump_comes(size: int) -> None:
    dumped = seen(DUMP, size)

    assert dumped.rows == {"orders.orders": 4, "orders.outbox": 0, "chat.orders": 1}
    assert dumped.log == "binlog.000002"
    assert dumped.gtid == "15099bf2-ec6f-11f1-ab8b-0242ac120002:1-6,25099bf2-ec6f-11f1-ab8b-0242ac120002:1-9"
    assert dumped.whole


def test_one_that_broke_off_is_not_whole() -> None:
    assert not seen(DUMP[:-60], 100).whole


def escaped(text: str) -> str:
    return "'" + text.replace("\\", "\\\\").replace("'", "\\'").replace("\n", "\\n").replace("\0", "\\0") + "'"


texts = st.text(st.sampled_from(["'", "\\", "(", ")", ",", "\n", "a", "\0", '"']), max_size=12)


@given(st.lists(st.lists(texts, min_size=1, max_size=3), min_size=1, max_size=6))
def test_no_text_is_taken_for_a_row(rows: list[list[str]]) -> None:
    values = ",".join("(" + ",".join(map(escaped, row)) + ")" for row in rows) + ";"
    assert rows_in(values.encode()) == len(rows)
