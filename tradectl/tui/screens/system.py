"""The system screen: the sandbox around the platform, its clock, parts, feeds, FIX and faults; asked once a second."""

import time
from decimal import Decimal
from typing import ClassVar

from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Horizontal, VerticalScroll
from textual.content import Content
from textual.widgets import Static

from tradectl.desk.failures import Failed
from tradectl.desk.outside import Broken, Facts, Feed, FixLine, Outside, Part
from tradectl.looks.glyphs import g
from tradectl.tui.figures import number
from tradectl.tui.pane import Pane
from tradectl.tui.words import t

EVERY = 1.0
SPEEDS = (1, 2, 5, 10, 60)
STYLES = {"ready": "$up", "degraded": "$warning", "starting": "$warning", "down": "bold $error"}
LIVELY = frozenset({"0", "1", "A"})
"""FIX types that are only signs of life or logons."""


class SystemPane(Pane):
    """Without a sandbox on this machine it says so."""

    name_of = "system"
    DEFAULT_CSS = """
    SystemPane .half { width: 1fr; height: 1fr; padding: 0 1; scrollbar-size-vertical: 1; }
    SystemPane Static { height: auto; }
    """
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("p", "pause", "system.pause"),
        Binding("plus,equals_sign", "speed(1)", "system.faster", key_display="+"),
        Binding("minus", "speed(-1)", "system.slower", key_display="-"),
        Binding("x", "clear", "system.clear"),
    ]

    def __init__(self) -> None:
        super().__init__()
        self.facts = Facts()
        self._outside: Outside | None = None

    def compose(self) -> ComposeResult:
        if not self.terminal.entry.sandbox:
            yield Static(t("system.none"))
            return
        with Horizontal():
            with VerticalScroll(classes="half"):
                yield Static(id="clock")
                yield Static(id="faults")
                yield Static(id="parts")
            with VerticalScroll(classes="half"):
                yield Static(id="latency")
                yield Static(id="feeds")
                yield Static(id="fix")

    def on_mount(self) -> None:
        super().on_mount()
        entry = self.terminal.entry
        if entry.sandbox:
            self._outside = Outside(self.desk.client.wire, entry.endpoints, entry.key)
            self.set_interval(EVERY, self._look)
            self._look()

    def _look(self) -> None:
        if self.name_of in self.terminal.shown and self._outside is not None:
            self.run_worker(self._looking(self._outside), group="looking", exclusive=True)

    async def _looking(self, outside: Outside) -> None:
        self.show_facts(await outside.look())

    def show_facts(self, facts: Facts) -> None:
        """Draw one look."""
        self.facts = facts
        said = {
            "clock": clock(facts),
            "faults": faults(facts.faults),
            "parts": parts(facts.parts),
            "latency": latency(self.desk.client.seconds, self.state.link.cuts),
            "feeds": feeds(facts.feeds),
            "fix": fix(facts.fix),
        }
        for name, content in said.items():
            self.query_one(f"#{name}", Static).update(content)

    async def action_pause(self) -> None:
        """Stop market time, or let it go on."""
        running = self.facts.clock is not None and self.facts.clock.mode != "paused"
        await self._set({"mode": "paused"} if running else {"mode": "running"})

    async def action_speed(self, way: int) -> None:
        """Faster or slower by one step."""
        now = self.facts.clock.speed if self.facts.clock else 1
        steps = [each for each in SPEEDS if (each > now if way > 0 else each < now)]
        if steps:
            await self._set({"speed": steps[0] if way > 0 else steps[-1]})

    async def action_clear(self) -> None:
        """End all faults."""
        if self._outside is not None:
            try:
                await self._outside.clear_faults(self.facts.faults)
            except Failed as failed:
                self.terminal.complain(failed)
            self._look()

    async def _set(self, change: dict[str, object]) -> None:
        if self._outside is not None:
            try:
                await self._outside.set_clock(change)
            except Failed as failed:
                self.terminal.complain(failed)
            self._look()


def headed(title: str, *lines: Content) -> Content:
    """Lines under a title, with an empty one after them."""
    return Content("\n").join([Content.styled(t(title), "bold $primary"), *lines, Content("")])


def clock(facts: Facts) -> Content:
    """Market time, its speed, and whether it stands."""
    if facts.clock is None:
        return headed("system.clock", Content.styled(t("system.silent"), "$error"))
    now = facts.clock
    stands = now.mode == "paused"
    mode = (t("system.paused"), "bold $warning") if stands else (t("system.running", speed=f"{now.speed:g}"), "$up")
    return headed("system.clock", Content.assemble(f"{now.now:%Y-%m-%d %H:%M:%S} UTC  ", mode))


def faults(broken: list[Broken]) -> Content:
    """What is broken on purpose, and for how much longer."""
    if not broken:
        return headed("system.faults", Content.styled(t("system.whole"), "$flat"))
    rows = []
    for fault in broken:
        graded = " ".join(f"{name}={value}" for name, value in fault.parameters.items())
        left = max(0.0, fault.until / 1_000_000 - time.time())
        rows.append(Content.assemble((f"{fault.kind} ", "bold $error"), f"{fault.part} {graded} {left:.0f} s"))
    return headed("system.faults", *rows)


def parts(known: list[Part]) -> Content:
    """Each part, how it is, how long its answer took."""
    rows = [
        Content.assemble(
            (f"{g('live')} ", STYLES.get(part.status, "$warning")),
            f"{part.name:<16}{part.status:<9}{part.milliseconds:4.0f} ms ",
            (part.missing, "$warning"),
        )
        for part in known
    ]
    return headed("system.parts", *rows)


def latency(seconds: float, cuts: int) -> Content:
    """How long the door's last answer took, and how often the link was cut."""
    return headed("system.latency", Content(t("system.door", ms=f"{seconds * 1_000:.0f}", cuts=cuts)))


def feeds(known: list[Feed]) -> Content:
    """Where prices come from, and how far they are behind the clock."""
    rows = [
        Content.assemble(f"{feed.symbol:<10}{feed.kind:<11}{feed.time:%H:%M:%S} ", _behind(feed.lag)) for feed in known
    ]
    return headed("system.feeds", *rows)


def _behind(lag: int) -> tuple[str, str]:
    """Microseconds as whole milliseconds."""
    return f"{number(Decimal(lag // 1_000))} ms", "$warning" if lag > 1_000_000 else "$flat"


def fix(lines: list[FixLine]) -> Content:
    """The last messages that were sent, the newest first, without those that are only signs of life."""
    rows = []
    for line in reversed(lines):
        fields = dict(pair.split("=", 1) for pair in line.text.split("|") if "=" in pair)
        kind = fields.get("35", "?")
        if kind in LIVELY:
            continue
        about = " ".join(fields[tag] for tag in ("55", "54", "38", "44", "39") if tag in fields)
        rows.append(Content.assemble((f"{line.number:>6} ", "$flat"), (f"35={kind:<2}", "bold"), f" {about}"))
    return headed("system.fix", *rows[:12])
