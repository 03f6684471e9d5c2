"""People who read: quotes, candles, signals, and the chat, in which they sometimes write."""

from functools import cache
from typing import ClassVar

import gevent
from faker import Faker

from tradectl.load.users import Paced

TRIES = 50


class Lurker(Paced):
    """Holds no stream and no order."""

    MIX: ClassVar = {
        "quotes": 30,
        "candles": 20,
        "instruments": 5,
        "signals": 10,
        "topics": 10,
        "messages": 20,
        "post": 5,
    }

    def prepare(self) -> None:
        """Whatever is made on demand is there before it is measured."""
        words()
        for listed in self.spec.instruments:
            self.await_history(f"/candles/{listed.symbol}?interval=1m")

    def await_history(self, path: str) -> None:
        """Who asks first hurries its storing, which may take longer than an answer: that is no load's affair."""
        for _ in range(TRIES):
            if self.quietly("GET", path) is not None:
                return
            gevent.sleep(0.2)

    def quotes(self) -> None:
        """All prices."""
        self.ask("quotes", "GET", f"/quotes?symbols={','.join(each.symbol for each in self.spec.instruments)}")

    def candles(self) -> None:
        """A day of minutes."""
        self.ask("candles", "GET", f"/candles/{self.chance.choice(self.spec.instruments).symbol}?interval=1m")

    def instruments(self) -> None:
        """What is traded."""
        self.ask("instruments", "GET", "/instruments")

    def signals(self) -> None:
        """What the strategies say."""
        self.ask("signals", "GET", "/signals")

    def topics(self) -> None:
        """What is talked about."""
        self.ask("topics", "GET", "/chat/topics")

    def messages(self) -> None:
        """What was said last."""
        self.ask("messages", "GET", f"/chat/topics/{self.spec.topic}/messages")

    def post(self) -> None:
        """A word of one's own."""
        self.ask("post", "POST", f"/chat/topics/{self.spec.topic}/messages", {"text": self.said()})

    def said(self) -> str:
        """A sentence, by this user's own chance."""
        words().seed_instance(self.chance.getrandbits(32))
        return words().sentence()


@cache
def words() -> Faker:
    """In two alphabets; making one takes its time."""
    return Faker(["en_US", "ru_RU"])


USERS = {Lurker: 1}
