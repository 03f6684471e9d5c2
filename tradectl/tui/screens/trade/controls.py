"""What a ticket is filled in with: an amount, a choice of a few words; letters are left to the terminal's keys."""

from collections.abc import Callable, Sequence
from decimal import Decimal
from typing import ClassVar

from textual import events
from textual.app import ComposeResult
from textual.binding import BindingType
from textual.containers import Horizontal, Vertical
from textual.content import Content
from textual.message import Message
from textual.widget import Widget
from textual.widgets import Input, Static

from tradectl.desk.ticket import stepped
from tradectl.looks.glyphs import g

TYPED = "0123456789."


class Amount(Input):
    """Takes digits and a point; a comma becomes a point as it is typed. Up and down go by steps."""

    BINDINGS: ClassVar[list[BindingType]] = [("up", "step(1)"), ("down", "step(-1)")]

    def __init__(self, *, id: str) -> None:
        super().__init__(id=id, compact=True, restrict=r"[0-9.]*", max_length=37, select_on_focus=False)
        self.step = Decimal(1)
        self.start = Decimal(1)
        """Where the first step begins."""

    def check_consume_key(self, key: str, character: str | None) -> bool:  # noqa: ARG002 (textual's)
        return character is not None and character in TYPED + ","

    async def _on_key(self, event: events.Key) -> None:
        if event.character == ",":
            event.stop()
            event.prevent_default()
            self.insert_text_at_cursor(".")
        elif not event.is_printable or self.check_consume_key(event.key, event.character):
            await super()._on_key(event)
        else:
            event.prevent_default()

    def action_step(self, times: int) -> None:
        """Up or down by steps."""
        self.value = stepped(self.value, self.step, times, self.start)
        self.cursor_position = len(self.value)


class Choice(Widget, can_focus=True):
    """One of a few words; left, right, space and a click go through them."""

    DEFAULT_CSS = """
    Choice { height: 1; width: 1fr; }
    Choice:focus { background: $primary 45%; text-style: bold; }
    Choice:disabled { color: $foreground 50%; }
    """
    BINDINGS: ClassVar[list[BindingType]] = [
        ("left", "turn(-1)"),
        ("right,space", "turn(1)"),
        ("up", "app.focus_previous"),
        ("down", "app.focus_next"),
    ]

    class Changed(Message):
        """Another word."""

        def __init__(self, choice: "Choice") -> None:
            super().__init__()
            self.choice = choice

        @property
        def control(self) -> "Choice":
            """The one that was turned."""
            return self.choice

    def __init__(self, options: Sequence[str], said: Callable[[str], str], *, id: str) -> None:
        super().__init__(id=id)
        self.options = tuple(options)
        self._said = said
        self._value = self.options[0]

    @property
    def value(self) -> str:
        """The option that is chosen."""
        return self._value

    def choose(self, value: str) -> None:
        """This option; without a message."""
        self._value = value
        self.refresh()

    def action_turn(self, by: int) -> None:
        """The next option or the one before."""
        self.choose(self.options[(self.options.index(self._value) + by) % len(self.options)])
        self.post_message(self.Changed(self))

    def on_click(self) -> None:
        """The next option."""
        self.action_turn(1)

    def render(self) -> Content:
        return Content(f"{g('left')} {self._said(self._value)} {g('right')}")


class Field(Vertical):
    """A label, a control, and below it what is wrong with what it holds."""

    DEFAULT_CSS = """
    Field { height: auto; }
    Field > Horizontal { height: 1; }
    Field .label { width: 11; color: $foreground 70%; }
    Field .refusal { color: $error; display: none; height: auto; }
    Field.-refused .refusal { display: block; }
    Field.-hidden { display: none; }
    Field Amount { width: 1fr; background: $panel; }
    Field Amount:focus { background: $primary 30%; }
    """

    def __init__(self, label: str, control: Widget) -> None:
        super().__init__(id=f"{control.id}-field")
        self._label = label
        self._inner = control
        self._said = ""
        self._why = Static("", classes="refusal", markup=False)

    def compose(self) -> ComposeResult:
        with Horizontal():
            yield Static(self._label, classes="label", markup=False)
            yield self._inner
        yield self._why

    def refuse(self, text: str) -> None:
        """Say why it cannot stay so; nothing where it can."""
        if text != self._said:
            self._said = text
            self._why.update(text)
            self.set_class(bool(text), "-refused")
