"""Users for a load: registered by the door's own routes, verified by their mail, with money and shares."""

import re
import secrets
import time
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from functools import partial
from random import Random
from typing import Any

from tradectl.errors import ExitCode, TradectlError
from tradectl.load.spec import Account, Listed
from tradectl.probes import http
from tradectl.probes.eventually import eventually

API = "/api/v1"
SYMBOLS = ("AAPL", "BTCUSDT")
MONEY = {"USD": "100000000", "USDT": "100000000", "AAPL": "1000000", "BTCUSDT": "1000"}
CODE = re.compile(r"Your code is (\S+?)\.?\s*$", re.MULTILINE)
PATIENCE = 60.0
"""Seconds for a mail or a deposit: others' mails may wait before it."""
SIDE_BY_SIDE = 4
FRESH = 240.0
"""Seconds that a log-in is good for as the begin of a run."""
AGAIN = frozenset({429, 503, 504})
"""Too fast for the door's limits, or a part is busy: the same again is right."""
Told = Callable[[int], None]


@dataclass
class Person:
    """Somebody who is registered; ``account`` changes with each log-in."""

    email: str
    password: str = field(repr=False)
    name: str = ""
    account: Account | None = None
    since: float = 0.0


@dataclass
class Crowd:
    """The users of one sandbox, made once and used by one run after another."""

    door: str
    mail: str
    seed: int
    people: list[Person] = field(default_factory=list)

    def accounts(self, count: int, told: Told) -> list[Account]:
        """So many of them, logged in lately; who is missing is registered."""
        names = named(self.seed, count)
        stamp = secrets.token_hex(4)
        while len(self.people) < count:
            number = len(self.people)
            email = f"load-{stamp}-{number}@example.com"
            self.people.append(Person(email, secrets.token_urlsafe(16), names[number]))
        done = 0
        with ThreadPoolExecutor(SIDE_BY_SIDE) as threads:
            for _ in threads.map(self._ready, self.people[:count]):
                done += 1
                told(done)
        return [person.account for person in self.people[:count] if person.account is not None]

    def _ready(self, person: Person) -> None:
        if person.account is None:
            self._register(person)
            self._log_in(person)
            self._pay_in(person)
        elif time.monotonic() - person.since > FRESH:
            self._log_in(person)

    def _register(self, person: Person) -> None:
        body = {"email": person.email, "password": person.password, "display_name": person.name}
        self.send("POST", "/auth/register", body)
        code = eventually(lambda: self._code(person.email), PATIENCE, what=f"the mail to {person.email}", every=0.1)
        self.send("POST", "/auth/verify", {"email": person.email, "code": code})

    def _code(self, email: str) -> str | None:
        mails = http.get(f"{self.mail}/messages", query={"to": email}).json()["items"]
        return next((found[1] for mail in mails if (found := CODE.search(mail["text"] or ""))), None)

    def _log_in(self, person: Person) -> None:
        tokens = self.send("POST", "/auth/login", {"email": person.email, "password": person.password})
        user_id = (
            person.account.user_id if person.account else self.send("GET", "/me", token=tokens["access_token"])["id"]
        )
        person.account = Account(user_id[-8:], user_id, tokens["access_token"], tokens["refresh_token"])
        person.since = time.monotonic()

    def _pay_in(self, person: Person) -> None:
        token = person.account.access_token if person.account else ""
        paid = [
            self.send(
                "POST", "/portfolio/deposits", {"asset": asset, "amount": amount}, token, key=secrets.token_hex(8)
            )
            for asset, amount in MONEY.items()
        ]
        for deposit in paid:
            path = f"/portfolio/deposits/{deposit['id']}"
            eventually(partial(self._credited, path, token), PATIENCE, what=f"{deposit['asset']} credited", every=0.05)

    def _credited(self, path: str, token: str) -> bool | None:
        return True if self.send("GET", path, token=token)["status"] != "pending" else None

    def send(self, method: str, path: str, body: Any = None, token: str = "", key: str = "") -> Any:
        """A success's document; what is refused for now is asked again."""
        headers = {"Authorization": f"Bearer {token}"} if token else {}
        if key:
            headers["Idempotency-Key"] = key

        def attempt() -> http.Answer | None:
            try:
                answer = http.request(method, f"{self.door}{API}{path}", body=body, headers=headers, timeout=20.0)
            except http.UnreachableError as error:
                raise TradectlError(f"no answer: {error}", "`tradectl ps` says how it is", ExitCode.NOT_UP) from error
            return None if answer.status in AGAIN else answer

        answer = eventually(attempt, PATIENCE, what=f"{method} {path}", every=0.5)
        if answer.status >= 400:
            said = answer.body.decode(errors="replace")[:200]
            raise TradectlError(
                f"{method} {path} answered {answer.status} {said}", "`tradectl logs bff` says more", ExitCode.NOT_UP
            )
        return answer.json() if answer.body else None

    def topic(self, account: Account) -> str:
        """A place to talk in."""
        made = self.send("POST", "/chat/topics", {"title": f"Load {self.seed}"}, account.access_token)
        return str(made["id"])

    def instruments(self, account: Account) -> list[Listed]:
        """What is traded in a load, as this sandbox lists it."""
        items = self.send("GET", "/instruments", token=account.access_token)["items"]
        return [Listed(each["symbol"], each["tick"], each["lot"]) for each in items if each["symbol"] in SYMBOLS]


def named(seed: int, count: int) -> Sequence[str]:
    """Names of people in both languages, the same for the same seed."""
    from faker import Faker

    faker = Faker(["en_US", "ru_RU"])
    faker.seed_instance(Random(f"{seed}:names").getrandbits(32))
    return [faker.name()[:80] for _ in range(count)]
