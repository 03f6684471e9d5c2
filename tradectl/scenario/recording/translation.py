"""Requests become steps, one after the other as they come; ids become the names of the steps that showed them."""

import re
from collections.abc import Callable, Mapping
from typing import Any

from tradectl.scenario.recording import calls, orders
from tradectl.scenario.recording.heard import KEY, Heard
from tradectl.scenario.recording.listening import Listening
from tradectl.scenario.recording.orders import Order
from tradectl.scenario.recording.script import Script
from tradectl.scenario.recording.written import Written

NOBODY = "nobody"
UNKNOWN = 401
LONG = 60
"""Seconds for what the market may make of an order later."""
WRONG = "not the password"
MONEY = {"/portfolio/deposits": "deposit", "/portfolio/withdrawals": "withdraw"}
ONE_ORDER = re.compile(r"/orders/([0-9A-Za-z-]+)")
LEAVING = "/auth/logout"
Handler = Callable[["Translation", Heard], None]


class Translation(Script):
    """Hears one request after the other."""

    def __init__(self) -> None:
        super().__init__()
        self.listening = Listening(self)
        self.orders: dict[str, Order] = {}
        self._withdrawals: dict[str, Written] = {}
        self._registrations: dict[str, Written] = {}
        self._keys: dict[tuple[str, str], Written] = {}

    def hear(self, heard: Heard) -> None:
        """One request with its answer."""
        self.listening.flush()
        self.secrets.update(heard.secrets())
        player = self.cast.of_token(heard.token)
        if heard.status == UNKNOWN and player is not None:
            self.leave_out(heard, "its token was not good any more")
            player.entered = False
            return
        HANDLERS.get((heard.method, ONE_ORDER.sub("/orders/*", heard.path)), Translation.any)(self, heard)
        if heard.path.startswith(LEAVING) and player is not None:
            player.entered = False

    def saw(self, document: Any) -> bool:
        """What has become of an order or a withdrawal; whether it is news that no step waits for."""
        if not isinstance(document, dict):
            return False
        asked, status = str(document.get("id", "")), str(document.get("status", ""))
        if asked in self._withdrawals and status == "declined":
            self._withdrawals[asked].body["status"] = status
        return asked in self.orders and self.orders[asked].saw(status)

    def file(self, intent: str, comments: list[str]) -> str:
        """The scenario, with what was heard last."""
        self.listening.flush()
        return super().file(intent, comments)

    def sayable(self, heard: Heard) -> bool:
        """Whether a step of its own may say it: somebody's, and done, or refused with a code."""
        return bool(heard.token and (heard.done or heard.code) and not calls.why_left_out(heard, self.names))

    def register(self, heard: Heard) -> None:
        email = str(heard.fields.get("email", ""))
        if not (heard.done and email):
            self.leave_out(heard, "it holds a secret")
            return
        player = self.cast.of_email(email)
        if player is None:
            given = ((name, str(heard.fields.get(name) or "")) for name in ("display_name", "language"))
            wishes = {name: value for name, value in given if value and "${" not in value and value not in self.secrets}
            player = self.cast.add(email, enter=False, **wishes)
            player.known = True
        step = Written("register", {"actor": player.name, "verify": False})
        self._registrations.setdefault(player.name, step)
        self.write(step)

    def verify(self, heard: Heard) -> None:
        """Is part of the registration."""
        player = self.cast.of_email(str(heard.fields.get("email", "")))
        step = self._registrations.get(player.name) if player else None
        if step is None or not heard.done:
            self.leave_out(heard, "it holds a secret")
            return
        step.body.pop("verify", None)

    def login(self, heard: Heard) -> None:
        email = str(heard.fields.get("email", ""))
        player = self.cast.of_email(email)
        if heard.done:
            player = player or self.cast.add(email)
            step = Written("login", {"actor": player.name}, self.names.new(f"{player.name}_tokens"))
            for name in ("access_token", "refresh_token"):
                self.names.stand_for(str(heard.answer.get(name, "")), step.name, name)
            self.cast.enter(player, str(heard.answer.get("access_token", "")))
            self.write(step)
        elif player is None or not heard.code or heard.status >= calls.BUSY:
            self.leave_out(heard, f"it was answered {heard.status}, and holds a secret")
        else:
            wrong = {"password": WRONG} if heard.code == "invalid_credentials" else {}
            self.write(Written("login", {"actor": player.name, **wrong, "refused": heard.code}))

    def renew(self, heard: Heard) -> None:
        """A client's own business: an actor of a scenario logs in anew."""
        self.leave_out(heard, "tokens are a client's own business")

    def money(self, heard: Heard) -> None:
        action, fields, key = MONEY[heard.path], heard.fields, heard.headers.get(KEY, "")
        sound = fields.keys() == {"asset", "amount"} and all(isinstance(each, str) for each in fields.values())
        if not (self.sayable(heard) and sound and key):
            self.any(heard)
            return
        player = self.player(heard)
        step = Written(action, {"actor": player.name, **fields, **orders.refused(heard)})
        step.plain = calls.call(heard, player.name, self.names)
        again = self._keys.setdefault((player.name, key), step)
        if again is not step:  # the same key twice: only as calls does that mean what it meant
            player.accountable = False
            for each in (again, step):
                each.action, each.body = "call", each.plain
        step.name = self.names.new(f"{action}_{fields['asset']}")
        self.write(step, heard.answer)
        if action == "withdraw" and heard.done:
            self._withdrawals[str(heard.answer.get("id"))] = step

    def place(self, heard: Heard) -> None:
        if not (self.sayable(heard) and orders.is_order(heard)):
            self.any(heard)
            return
        name = self.names.new(f"{heard.fields['side']}_{heard.fields['symbol']}")
        step = Written("place", orders.placed(heard, self.player(heard).name, self.names), name)
        self.write(step, heard.answer)
        if heard.done:
            self.orders.setdefault(str(heard.answer["id"]), Order(name, step))
            self.saw(heard.answer)

    def change(self, heard: Heard) -> None:
        """A cancel or a replace of one order."""
        order = self.orders.get(heard.path.rpartition("/")[2])
        plain = heard.method == "DELETE" or orders.is_edit(heard)
        if order is None or not (self.sayable(heard) and plain):
            if order is None and heard.done:
                self.leave_out(heard, "its order is of before the recording")
            else:
                self.any(heard)
            return
        self.names.used.setdefault(order.name, set()).add("id")
        who = self.player(heard).name
        if heard.method == "DELETE":
            step = Written("cancel", {"actor": who, "order": order.name, **orders.refused(heard)})
        else:
            step = Written("replace", orders.replaced(heard, who, order.name))
        self.write(step)
        if heard.done:
            order.act, order.told = step, ""
            self.saw(heard.answer)

    def cancel_all(self, heard: Heard) -> None:
        if not (self.sayable(heard) and heard.done and heard.parameters.keys() <= {"symbol"}):
            self.any(heard)
            return
        self.write(
            Written("cancel", {"actor": self.player(heard).name, "symbol": heard.parameters.get("symbol", "all")})
        )

    def look(self, heard: Heard) -> None:
        """At one order: what it has become is waited for, where that is news."""
        order = self.orders.get(heard.path.rpartition("/")[2])
        if heard.done and order is not None and self.saw(heard.answer):
            self.news(self.player(heard).name, order)
            return
        if heard.done and order is None:
            self.leave_out(heard, "its order is of before the recording")
            return
        self.any(heard)

    def news(self, who: str, order: Order) -> None:
        """What an order has become by itself."""
        self.names.used.setdefault(order.name, set()).add("id")
        self.write(Written("expect", {"actor": who, "order": order.name, "is": {"status": order.told}}, within=LONG))

    def any(self, heard: Heard) -> None:
        """As a call; of a page that is read again and again, the last time alone."""
        if why := calls.why_left_out(heard, self.names):
            self.leave_out(heard, why)
            return
        who = self.player(heard).name if heard.token and heard.status != UNKNOWN else NOBODY
        if who != NOBODY and heard.path in MONEY and heard.method != "GET":
            self.cast.players[who].accountable = False
        step = Written("call", calls.call(heard, who, self.names))
        if heard.method == "GET":
            self.read(step, (who, heard.path, heard.query))
        step.name = self.names.new("call")
        self.write(step, heard.answer)
        for each in items(heard.answer):
            if self.saw(each):
                self.news(who, self.orders[each["id"]])


HANDLERS: Mapping[tuple[str, str], Handler] = {
    ("POST", "/auth/register"): Translation.register,
    ("POST", "/auth/verify"): Translation.verify,
    ("POST", "/auth/login"): Translation.login,
    ("POST", "/auth/refresh"): Translation.renew,
    ("POST", "/portfolio/deposits"): Translation.money,
    ("POST", "/portfolio/withdrawals"): Translation.money,
    ("POST", "/orders"): Translation.place,
    ("DELETE", "/orders"): Translation.cancel_all,
    ("DELETE", "/orders/*"): Translation.change,
    ("PATCH", "/orders/*"): Translation.change,
    ("GET", "/orders/*"): Translation.look,
}


def items(document: Any) -> list[Any]:
    """Those of a list's page; the document itself else."""
    found = document.get("items") if isinstance(document, dict) else None
    return found if isinstance(found, list) else [document]
