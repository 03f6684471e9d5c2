"""Texts of the dash in both languages."""

import pytest
from textual.app import App
from textual.dom import DOMNode

from services.contracts.faults import KINDS
from tests.wording import says_the_same
from tradectl.dash.app import PANES, Dash
from tradectl.dash.words import WORDS, said
from tradectl.dash.words.faults import RUSSIAN


@pytest.mark.parametrize("key", WORDS)
def test_a_text_says_the_same_values_in_both_languages(key: str) -> None:
    assert says_the_same(*WORDS[key])


def test_every_binding_is_described_by_words() -> None:
    owners: list[type[DOMNode]] = [Dash, *PANES.values()]
    described = {each.description for owner in owners for _, each in owner._merged_bindings or ()}
    described -= {each.description for _, each in App._merged_bindings or ()}
    assert described <= WORDS.keys()


def test_every_kind_of_fault_is_told_in_both_languages() -> None:
    assert RUSSIAN.keys() == KINDS.keys()


def test_what_has_no_words_is_said_as_it_is() -> None:
    assert said("kind.planet", "planet") == "planet"
