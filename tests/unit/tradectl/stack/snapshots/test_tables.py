"""Rows as text that MySQL makes itself."""

from tradectl.stack.snapshots import tables
from tradectl.stack.snapshots.tables import expression, quoted, statements


def test_numbers_are_plain_bytes_are_hexadecimal_and_all_else_is_quoted() -> None:
    text = expression([("n", "bigint"), ("b", "mediumblob"), ("t", "varchar")])
    number, data = "IFNULL(`n`, 'NULL')", "IFNULL(CONCAT('x''', HEX(`b`), ''''), 'NULL')"
    assert text == f"CONCAT('(', CONCAT_WS(',', {number}, {data}, QUOTE(`t`)), ')')"


def test_a_name_may_hold_what_quotes_it() -> None:
    assert quoted("a`b") == "`a``b`"


def test_a_statement_holds_so_many_rows_and_letters() -> None:
    rows = [f"({number})" for number in range(tables.ROWS + 1)]
    assert [text.count("(") for text in statements(rows)] == [tables.ROWS, 1]
    long = "x" * (tables.LETTERS // 2 + 1)
    assert [len(text) for text in statements([long, long, "y"])] == [len(long), len(long) + 2]


def test_no_rows_are_no_statement() -> None:
    assert list(statements([])) == []
