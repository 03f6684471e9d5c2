"""The talk screen's pane: topics at the left, what is said in one of them at the right, a line to write in."""

from collections.abc import Awaitable, Container
from typing import ClassVar

from textual import on
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Horizontal, Vertical
from textual.widgets import Input, OptionList
from textual.widgets.option_list import Option

from tradectl.desk.account import Message, Topic
from tradectl.tui.pane import Pane
from tradectl.tui.prompt import Prompt
from tradectl.tui.screens.talk.lines import mention_line, message_line, topic_line
from tradectl.tui.words import t

EVERY = 5.0
"""Seconds between two looks at the topics, of which no channel tells."""
MENTIONED = "user_mentioned"
MENTIONS = "mentions"
LONGEST_TITLE, LONGEST_TEXT = 120, 4_000


class TalkPane(Pane):
    """``topic`` is the id of the one that is open, or MENTIONS."""

    name_of = "talk"
    DEFAULT_CSS = """
    TalkPane #topics { width: 32; height: 1fr; border: round $panel; }
    TalkPane #said { height: 1fr; border: round $panel; }
    TalkPane #topics:focus, TalkPane #said:focus { border: round $primary; }
    TalkPane #text { border: tall $panel; }
    """
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("n", "new_topic", "talk.new"),
        Binding("i", "write", "talk.write"),
        Binding("r", "reply", "talk.reply"),
        Binding("l", "like", "talk.like"),
        Binding("x", "take_back", "talk.take_back", show=False),
        Binding("f", "follow", "talk.follow"),
        Binding("at", "mentions", "talk.mentions", key_display="@"),
        Binding("escape", "leave", "talk.leave", show=False),
    ]

    def __init__(self) -> None:
        super().__init__()
        self.topic = ""
        self._reply_to = ""

    def compose(self) -> ComposeResult:
        with Horizontal():
            topics = OptionList(id="topics", markup=False)
            topics.border_title = t("talk.topics")
            yield topics
            with Vertical():
                yield OptionList(id="said", markup=False)
                yield Input(placeholder=t("talk.hint"), id="text", max_length=LONGEST_TEXT)

    def on_mount(self) -> None:
        super().on_mount()
        self.set_interval(EVERY, self._look)
        self._look()

    def _look(self) -> None:
        if self.name_of in self.terminal.shown:
            self._do(self.desk.forum.load_topics(), group="topics")

    def channels(self) -> set[str]:
        return {f"chat:{self.topic}"} if self.topic and self.topic != MENTIONS else set()

    def changed(self, keys: Container[str]) -> None:
        if "topics" in keys:
            self._draw_topics()
        if f"chat:{self.topic}" in keys or (self.topic == MENTIONS and "notifications" in keys):
            self._draw_said()

    @property
    def known(self) -> dict[str, Topic]:
        """Topics by id."""
        return {topic.id: topic for topic in self.state.topics}

    def open(self, topic: str) -> None:
        """Show what is said there, and follow it."""
        self.topic = topic
        self._reply_to = ""
        self.follow_anew()
        self._draw_said()
        if topic in self.known:
            self._do(self.desk.forum.read(self.known[topic]), group="read")

    def _draw_topics(self) -> None:
        topics = self.query_one("#topics", OptionList)
        at = topics.highlighted
        topics.clear_options()
        mentions = Option(t("talk.mentions"), id=MENTIONS)
        topics.add_options([mentions, *(Option(topic_line(each), id=each.id) for each in self.state.topics)])
        if at is not None:
            topics.highlighted = min(at, topics.option_count - 1)
        if not self.topic and self.state.topics:
            self.open(self.state.topics[0].id)

    def _draw_said(self) -> None:
        said = self.query_one("#said", OptionList)
        at_end = said.highlighted is None or said.highlighted == said.option_count - 1
        at = said.highlighted
        said.clear_options()
        said.border_title = t("talk.mentions") if self.topic == MENTIONS else self._title()
        said.add_options(self._options())
        if said.option_count:
            said.highlighted = said.option_count - 1 if at_end or at is None else min(at, said.option_count - 1)

    def _title(self) -> str:
        topic = self.known.get(self.topic)
        return "" if topic is None else topic.title.replace("[", r"\[")

    def _options(self) -> list[Option]:
        if self.topic == MENTIONS:
            told = [each for each in self.state.notifications if each.kind == MENTIONED]
            return [Option(mention_line(each)) for each in reversed(told)]
        messages = self.state.messages.get(self.topic, {})
        reader = self.state.profile.id if self.state.profile else ""
        return [
            Option(message_line(each, messages.get(each.reply_to or ""), reader), id=each.id)
            for each in messages.values()
        ]

    @property
    def highlighted(self) -> Message | None:
        """The message that the cursor is on."""
        said = self.query_one("#said", OptionList)
        if said.highlighted is None:
            return None
        return self.state.messages.get(self.topic, {}).get(said.get_option_at_index(said.highlighted).id or "")

    @on(OptionList.OptionSelected, "#topics")
    def _chosen(self, event: OptionList.OptionSelected) -> None:
        self.open(event.option_id or "")
        self.query_one("#said").focus()

    @on(OptionList.OptionSelected, "#said")
    def _answered(self) -> None:
        self.action_reply()

    @on(Input.Submitted, "#text")
    def _written(self, event: Input.Submitted) -> None:
        if event.value.strip() and self.topic in self.known:
            self._do(self._say(event.value.strip()), group="say")

    async def _say(self, text: str) -> None:
        await self.desk.forum.say(self.topic, text, self._reply_to or None)
        self._reply_to = ""
        field = self.query_one("#text", Input)
        field.value = ""
        field.placeholder = t("talk.hint")

    def action_write(self) -> None:
        """Begin to write."""
        self.query_one("#text").focus()

    def action_reply(self) -> None:
        """Answer the message that the cursor is on."""
        message = self.highlighted
        if message is not None and not message.removed:
            self._reply_to = message.id
            field = self.query_one("#text", Input)
            field.placeholder = t("talk.replying", author=message.author)
            field.focus()

    def action_leave(self) -> None:
        """Back from writing to reading."""
        self._reply_to = ""
        self.query_one("#text", Input).placeholder = t("talk.hint")
        self.query_one("#topics").focus()

    def action_like(self) -> None:
        """Like the message that the cursor is on."""
        if self.highlighted is not None:
            self._do(self.desk.forum.like(self.highlighted.id), group="like")

    def action_take_back(self) -> None:
        """Take one's own message back."""
        message, profile = self.highlighted, self.state.profile
        if message is not None and profile is not None and message.author_id == profile.id:
            self._do(self.desk.forum.take_back(message.id), group="take_back")

    def action_follow(self) -> None:
        """Follow the topic that is open, or not any more."""
        if self.topic in self.known:
            self._do(self.desk.forum.follow(self.known[self.topic]), group="follow")

    def action_mentions(self) -> None:
        """Where the trader was named."""
        self.open(MENTIONS)

    async def action_new_topic(self) -> None:
        """Ask for a title and open a topic."""
        await self.app.push_screen(Prompt("talk.new_title", LONGEST_TITLE), self._titled)

    def _titled(self, title: str | None) -> None:
        if title:
            self._do(self._open_new(title), group="new")

    async def _open_new(self, title: str) -> None:
        topic = await self.desk.forum.open_topic(title)
        self.open(topic.id)
        self.action_write()

    def _do(self, act: Awaitable[object], group: str) -> None:
        self.run_worker(self.terminal.tried(act), group=group)
