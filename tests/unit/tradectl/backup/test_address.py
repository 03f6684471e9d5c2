"""tradectl.backup.address and tradectl.backup.programs.login"""

from configparser import ConfigParser

import pytest

from tradectl.backup.address import VARIABLE, given
from tradectl.backup.programs import Login
from tradectl.errors import ExitCode, TradectlError


def test_without_a_variable_there_is_no_server() -> None:
    assert given({}) is None
    assert given({VARIABLE: ""}) is None


@pytest.mark.parametrize(
    ("said", "login"),
    [
        ("mysql://root@primary", Login("primary", "root", "", 3306)),
        ("mysql://a%40b:c%2Fd@10.0.0.1:3307/", Login("10.0.0.1", "a@b", "c/d", 3307)),
    ],
)
def test_an_address_is_read(said: str, login: Login) -> None:
    assert given({VARIABLE: said}) == login


@pytest.mark.parametrize(
    "said", ["primary", "mysql://primary", "mysql://root@", "mysql://root@p:x", "mysql://root@p/orders", "amqp://a@b"]
)
def test_what_is_none_is_refused_without_its_password(said: str) -> None:
    with pytest.raises(TradectlError, match=f"{VARIABLE} is no address") as caught:
        given({VARIABLE: said.replace("root@", "root:secret@")})
    assert caught.value.exit_code is ExitCode.USAGE
    assert "secret" not in f"{caught.value.message}{caught.value.hint}"


def test_no_sign_of_a_password_is_lost_in_the_file() -> None:
    read = ConfigParser()
    read.read_string(Login("primary", "root", 'a#b "c\\d').file().decode())
    assert read["client"]["password"] == r'"a#b \"c\\d"'
    assert "secret" not in repr(Login("primary", "root", "secret"))
