"""What opens the simulated chat is of the form that it takes."""

from sim.chatops import slack, telegram
from tradectl.render.chat import hook, token

CHAT = "http://sim:8109"


def test_a_token_and_a_hook_are_of_the_form_that_the_chat_takes() -> None:
    assert telegram.TOKEN.fullmatch(token())
    address = hook(CHAT)
    assert slack.HOOK.fullmatch(address.removeprefix(f"{CHAT}/slack/services/"))


def test_no_two_are_the_same() -> None:
    assert token() != token()
    assert hook(CHAT) != hook(CHAT)
