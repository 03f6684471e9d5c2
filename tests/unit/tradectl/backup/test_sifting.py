"""tradectl.backup.sifting and tradectl.backup.schemas"""

import pytest

from tradectl.backup.schemas import names_ours, ours
from tradectl.backup.sifting import Sifting

GUEST = "tradectl_0123456789ab_orders"


def sifted(text: str) -> list[str]:
    return [line.decode() for line in Sifting().passed(line.encode() for line in text.splitlines())]


def rows(*tables: str) -> str:
    maps = "".join(f"#261130 server id 1 \tTable_map: `{table}`.`t` mapped to number 9\n" for table in tables)
    return f"{maps}BINLOG '\nof {' '.join(tables)}\n'/*!*/;\n"


def whole(body: str) -> str:
    return f"SET @@SESSION.GTID_NEXT= 'u:1'/*!*/;\nBEGIN\n/*!*/;\n{body}COMMIT/*!*/;"


def passed(body: str) -> bool:
    """Of a transaction: whether its rows, or its statement, are still there; the rest is."""
    said = sifted(whole(body))
    assert (said[0], said[-1]) == ("SET @@SESSION.GTID_NEXT= 'u:1'/*!*/;", "COMMIT/*!*/;")
    return any(line.startswith(("of ", "CREATE")) for line in said)


@pytest.mark.parametrize(
    ("name", "is_ours"),
    [("orders", True), (GUEST, True), ("shop", False), ("orders2", False), ("tradectl_x_orders", False), ("", False)],
)
def test_a_schema_is_a_services_of_any_sandbox_or_of_none(name: str, is_ours: bool) -> None:
    assert ours(name) is is_ours
    assert names_ours(f"ALTER TABLE `{name}`.`t` ADD n INT") is is_ours


def test_rows_of_others_are_left_out_and_their_transaction_is_empty() -> None:
    assert passed(rows("orders"))
    assert passed(rows(GUEST))
    assert not passed(rows("shop"))
    assert passed(rows("shop", "orders"))
    mixed = sifted(whole(rows("shop") + rows("orders")))
    assert [line for line in mixed if line.startswith("of")] == ["of orders"]


def test_what_describes_the_log_has_no_table_and_passes() -> None:
    said = "###   @2='Table_map: `shop`.`t`'\n"
    assert "of " in sifted(rows())
    assert "of " in sifted(said + rows())


@pytest.mark.parametrize(
    ("statement", "passes"),
    [
        ("use `orders`/*!*/;\nALTER TABLE t ADD n INT\n/*!*/;", True),
        ("use `shop`/*!*/;\nALTER TABLE t ADD n INT\n/*!*/;", False),
        ("use `shop`/*!*/;\n/*!40000 ALTER TABLE t DISABLE KEYS */\n/*!*/;", False),
        ("use `shop`/*!*/;\nALTER TABLE orders.t ADD n INT\n/*!*/;", True),
        ("use `shop`/*!*/;\nCREATE TABLE orders (\n  n INT\n)\n/*!*/;", False),
        ("ALTER TABLE t ADD n INT\n/*!*/;", True),
        ("DROP DATABASE shop\n/*!*/;", False),
        ("create schema if not exists `shop` charset utf8mb4\n/*!*/;", False),
        (f"CREATE DATABASE {GUEST}\n/*!*/;", True),
        ("CREATE USER 'al'@'%' IDENTIFIED BY 'x'\n/*!*/;", False),
        ("GRANT ALL ON orders.* TO 'al'@'%'\n/*!*/;", False),
    ],
)
def test_a_statement_of_others_becomes_an_empty_transaction(statement: str, passes: bool) -> None:
    said = sifted(f"SET TIMESTAMP=1/*!*/;\n{statement}")
    kept = ["SET TIMESTAMP=1/*!*/;", *(line for line in statement.splitlines() if passes and "`shop`/" not in line)]
    assert said == kept if passes else said == [*kept, "BEGIN/*!*/;", "COMMIT/*!*/;"]


def test_a_table_that_others_make_with_its_rows_leaves_the_transaction_around_it() -> None:
    made = "use `shop`/*!*/;\nCREATE TABLE `a` (\n  `n` int\n) START TRANSACTION\n/*!*/;\n"
    assert sifted(whole(made + rows("shop"))) == [
        *whole("").splitlines()[:3],
        *rows("shop").splitlines()[:1],
        "COMMIT/*!*/;",
    ]
    assert passed(made.replace("shop", "orders") + rows("orders"))
