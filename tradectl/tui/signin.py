"""Who is there? An account with its password, or a demo account where the door is a sandbox's."""

from collections.abc import Awaitable, Callable

from textual import on
from textual.app import ComposeResult
from textual.containers import Horizontal, Vertical
from textual.screen import Screen
from textual.widgets import Button, Input, Static

from tradectl.desk import entry as ways
from tradectl.desk.desk import Desk
from tradectl.desk.entry import Entry
from tradectl.desk.failures import Failed, Refused, Unreachable
from tradectl.tui.words import language, said, t


class SignIn(Screen[Desk]):
    """Ends with a desk that is open."""

    CSS = """
    SignIn { align: center middle; }
    SignIn #form { width: 56; max-width: 100%; height: auto; border: round $primary; padding: 0 1; }
    SignIn Input { border: tall $panel; }
    SignIn #code { display: none; }
    SignIn.-code #code { display: block; }
    SignIn Horizontal { height: 3; }
    SignIn Button { margin-right: 2; }
    SignIn #said { height: auto; color: $warning; }
    SignIn .hint { color: $flat; height: auto; }
    """

    def __init__(self, entry: Entry, *, demo: bool = False, why: str = "") -> None:
        super().__init__()
        self._entry = entry
        self._demo = demo and entry.sandbox
        self._why = why

    def compose(self) -> ComposeResult:
        with Vertical(id="form") as form:
            form.border_title = f"{t('app.title')} · {t('signin.title')}"
            yield Static(t("signin.door", door=self._entry.door), classes="hint", markup=False)
            yield Input(self._entry.email, placeholder=t("signin.email"), id="email")
            yield Input(self._entry.password, placeholder=t("signin.password"), id="password", password=True)
            yield Input(placeholder=t("signin.code"), id="code")
            with Horizontal():
                yield Button(t("signin.enter"), id="enter", variant="primary")
                if self._entry.sandbox:
                    yield Button(t("signin.demo"), id="demo")
            yield Static(self._why, id="said", markup=False)
            if self._entry.sandbox:
                yield Static(t("signin.demo_why"), classes="hint")

    def on_mount(self) -> None:
        """Go in at once where nothing is left to ask."""
        if self._demo:
            self._demand()
        elif self._entry.email and self._entry.password and not self._why:
            self._enter()

    @on(Input.Submitted)
    @on(Button.Pressed, "#enter")
    def _enter(self) -> None:
        email, password, code = (self.query_one(f"#{name}", Input).value for name in ("email", "password", "code"))
        if not email or not password:
            self._say(t("signin.missing"))
            return
        self._try(lambda: ways.sign_in(self._entry, email, password, code))

    @on(Button.Pressed, "#demo")
    def _demand(self) -> None:
        self._try(lambda: ways.demo(self._entry, language()))

    def _try(self, way: Callable[[], Awaitable[Desk]]) -> None:
        self._say(t("signin.busy"))
        self.run_worker(self._entering(way), group="entering", exclusive=True)

    async def _entering(self, way: Callable[[], Awaitable[Desk]]) -> None:
        try:
            desk = await way()
        except Unreachable:
            self._say(t("signin.unreachable", door=self._entry.door))
        except Refused as refused:
            if refused.code in {"totp_required", "invalid_totp"}:
                self.add_class("-code")
                self.query_one("#code", Input).focus()
            self._say(said(f"refused.{refused.code}", refused.detail))
        except Failed as failed:
            self._say(str(failed))
        else:
            _ = self.dismiss(desk)

    def _say(self, text: str) -> None:
        self.query_one("#said", Static).update(text)
