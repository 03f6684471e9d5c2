"""What opens the operators' chat: the simulated one takes any token and hook that are of the form of real ones."""

import secrets
import string

TOKEN, HOOK = "telegram_token", "slack_hook"


def token() -> str:
    """A bot's, as Telegram gives them."""
    return f"{secrets.randbelow(900_000_000) + 100_000_000}:{drawn(35)}"


def hook(chat: str) -> str:
    """An incoming webhook's address, as Slack gives them; ``chat`` is where the chat listens."""
    return f"{chat}/slack/services/T{drawn(10).upper()}/B{drawn(10).upper()}/{drawn(24)}"


def drawn(length: int) -> str:
    return "".join(secrets.choice(string.ascii_letters + string.digits) for _ in range(length))
