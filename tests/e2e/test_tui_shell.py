"""The terminal's shell against a running platform: a demo account, a cut, the end of a session."""

from textual.widgets import Input

from tests.e2e.relay import Relay, relay
from tests.e2e.tool import Tool
from tests.eventually import eventually
from tradectl.desk.entry import Entry
from tradectl.tui.app import Settings, Terminal
from tradectl.tui.edges import StatusLine
from tradectl.tui.signin import SignIn


def entry(platform: Tool, between: Relay | None = None) -> Entry:
    endpoints = {
        name: port["endpoints"][name]
        for part, name in (("bff", "bff.http"), ("mail", "mail.http"))
        for port in [platform.ok("describe", part, "--json").json]
    }
    return Entry(between.door if between else endpoints["bff.http"], endpoints=endpoints)


def live(app: Terminal) -> bool:
    return app.signed_in and app.desk.state.link.status == "live" and bool(app.desk.state.quotes.get("AAPL"))


def status(app: Terminal) -> str:
    return app.screen_stack[0].query_one(StatusLine).render().plain


async def test_a_demo_account_trades_at_once_and_lives_through_a_cut(platform: Tool) -> None:
    async with relay(entry(platform).door) as between:
        app = Terminal(entry(platform, between), Settings(demo=True))
        async with app.run_test(size=(120, 30)) as pilot:
            await eventually(lambda: live(app))
            app.desk.look_at("AAPL")
            await eventually(lambda: "free 100,000.00 USD" in status(app))
            await between.cut()
            await eventually(lambda: "trying again" in status(app))
            before = app.desk.state.quotes["AAPL"].seq
            await between.mend()
            await eventually(lambda: live(app) and app.desk.state.quotes["AAPL"].seq > before)
            assert app.desk.state.link.cuts == 1
            await pilot.press("2")
            await eventually(lambda: app.shown == ["trade"])


async def test_a_session_that_ends_elsewhere_asks_who_is_there(platform: Tool) -> None:
    app = Terminal(entry(platform), Settings(demo=True))
    async with app.run_test(size=(80, 24)) as pilot:
        await eventually(lambda: live(app))
        await app.desk.client.ask("POST", "/auth/logout-all")
        await eventually(lambda: isinstance(app.screen, SignIn) and app.screen.query("#password"))
        app.screen.query_one("#email", Input).value = "nobody@example.org"
        app.screen.query_one("#password", Input).value = "wrong horse battery"
        await pilot.press("enter")
        await eventually(lambda: "wrong" in str(app.screen.query_one("#said").render()))
        await pilot.click("#demo")
        await eventually(lambda: not isinstance(app.screen, SignIn) and live(app))
