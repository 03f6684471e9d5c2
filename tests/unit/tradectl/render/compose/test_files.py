"""The generated files of compose/."""

from tradectl.render import compose
from tradectl.stack.topology import platform

FILES = compose.rendered(platform())


def test_the_files_in_the_repository_are_current() -> None:
    assert compose.differing(FILES, compose.FOLDER) == [], "tradectl topology render compose"


def test_a_file_that_says_something_else_is_named() -> None:
    assert compose.differing({"compose.yaml": "services: {}"}, compose.FOLDER) == ["compose.yaml"]
    assert compose.differing({"nowhere/at-all": ""}, compose.FOLDER) == ["nowhere/at-all"]


def test_the_replica_has_no_password_but_its_own() -> None:
    assert "<mysql_orders>" in FILES["servers/primary.sql"]
    assert "<mysql_orders>" not in FILES["servers/replica.sql"]
