"""The code is found in a mail of either language."""

import pytest

from tradectl.trader.mailbox import code_of


@pytest.mark.parametrize("text", ["Welcome, Ann!\nYour code is 7K3QF-9M2XA.\n", "Здравствуйте!\nВаш код: 7K3QF-9M2XA."])
def test_a_code_is_read_without_the_full_stop_behind_it(text: str) -> None:
    assert code_of({"text": text}) == "7K3QF-9M2XA"


@pytest.mark.parametrize("text", [None, "", "Your deposit is credited."])
def test_a_mail_without_a_code_has_none(text: str | None) -> None:
    assert code_of({"text": text}) is None
