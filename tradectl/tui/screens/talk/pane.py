"""The talk screen's pane: topics at the left, what is said in one of them at the right, a line to write in."""

from collections.abc import Awaitable, Callable, Container
from dataclasses import dataclass
from functools import partial
from typing import ClassVar

from textual import on
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Horizontal, Vertical
from textual.widgets import Input, OptionList
from textual.widgets.option_list import Option

from tradectl.desk.account import FoundMessage, Message, Topic
from tradectl.tui.finder import Finder, Offer
from tradectl.tui.pane import Pane
from tradectl.tui.prompt import Prompt
from tradectl.tui.screens.talk.lines import found_line, mention_line, message_line, topic_line
from tradectl.tui.words import t

EVERY = 5.0
"""Seconds between two looks at the topics, of which no channel tells."""
MENTIONED = "user_mentioned"
MENTIONS, FOUND = "mentions", "found"
NO_TOPICS = {MENTIONS: "talk.mentions", FOUND: "talk.found"}
"""What is shown like a topic and is none, and how it is called."""
REACTIONS = ("like", "dislike", "laugh", "surprise", "bullish", "bearish")
MODERATORS = frozenset({"moderator", "admin"})
LONGEST_TITLE, LONGEST_TEXT, LONGEST_REASON, LONGEST_SEARCH = 120, 4_000, 500, 200


@dataclass(frozen=True)
class Draft:
    """What is being written: an answer to a message, other words for one, or else a new one."""

    answers: str = ""
    edits: str = ""
    text: str = ""
    hint: str = ""


class TalkPane(Pane):
    """``topic`` is the id of the one that is open, or one of NO_TOPICS."""

    name_of = "talk"
    DEFAULT_CSS = """
    TalkPane #topics { width: 32; }
    TalkPane OptionList { height: 1fr; border: round $panel; border-title-color: $flat; }
    TalkPane OptionList:focus { border: round $primary; border-title-color: $primary; }
    TalkPane #text { border: tall $panel; }
    """
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("n", "new_topic", "talk.new"),
        Binding("i", "write", "talk.write"),
        Binding("r", "reply", "talk.reply"),
        Binding("e", "edit", "talk.edit"),
        Binding("l", "like", "talk.like"),
        Binding("plus", "react", "talk.react", show=False, key_display="+"),
        Binding("x", "remove", "talk.remove", show=False),
        Binding("s", "search", "talk.search"),
        Binding("R", "report", "talk.report", show=False),
        Binding("f", "follow", "talk.follow"),
        Binding("at", "mentions", "talk.mentions", key_display="@"),
        Binding("escape", "leave", "talk.leave", show=False),
    ]

    def __init__(self) -> None:
        super().__init__()
        self.topic = ""
        self._draft = Draft()
        self._found: list[FoundMessage] = []

    def compose(self) -> ComposeResult:
        with Horizontal():
            topics = OptionList(id="topics", markup=False)
            topics.border_title = t("talk.topics")
            yield topics
            with Vertical():
                yield OptionList(id="said", markup=False)
                yield Input(placeholder=t("talk.hint"), id="text", max_length=LONGEST_TEXT, select_on_focus=False)

    def on_mount(self) -> None:
        super().on_mount()
        self.set_interval(EVERY, self._look)
        self._look()

    def _look(self) -> None:
        if self.name_of in self.terminal.shown:
            self._do(self.desk.forum.load_topics(), group="topics")

    def channels(self) -> set[str]:
        return {f"chat:{self.topic}"} if self.topic and self.topic not in NO_TOPICS else set()

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
        self._begin(Draft())
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
        said.border_title = self._title()
        said.add_options(self._options())
        if said.option_count:
            said.highlighted = said.option_count - 1 if at_end or at is None else min(at, said.option_count - 1)

    def _title(self) -> str:
        if self.topic in NO_TOPICS:
            return t(NO_TOPICS[self.topic])
        topic = self.known.get(self.topic)
        return "" if topic is None else topic.title.replace("[", r"\[")

    def _options(self) -> list[Option]:
        if self.topic == MENTIONS:
            told = [each for each in self.state.notifications if each.kind == MENTIONED]
            return [Option(mention_line(each)) for each in reversed(told)]
        if self.topic == FOUND:
            return [Option(found_line(each), id=each.id) for each in reversed(self._found)]
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
        at = said.get_option_at_index(said.highlighted).id or ""
        if self.topic == FOUND:
            return next((each for each in self._found if each.id == at), None)
        return self.state.messages.get(self.topic, {}).get(at)

    @property
    def own(self) -> bool:
        """Whether that is the trader's."""
        message, profile = self.highlighted, self.state.profile
        return message is not None and profile is not None and message.author_id == profile.id

    @on(OptionList.OptionSelected, "#topics")
    def _chosen(self, event: OptionList.OptionSelected) -> None:
        self.open(event.option_id or "")
        self.query_one("#said").focus()

    @on(OptionList.OptionSelected, "#said")
    def _answered(self) -> None:
        """What was found leads to its topic; anything else is answered."""
        if self.topic == FOUND and self.highlighted is not None:
            self.open(self.highlighted.topic_id)
        else:
            self.action_reply()

    @on(Input.Submitted, "#text")
    def _written(self, event: Input.Submitted) -> None:
        if event.value.strip() and self.topic in self.known:
            self._do(self._say(event.value.strip()), group="say")

    async def _say(self, text: str) -> None:
        if self._draft.edits:
            await self.desk.forum.edit(self._draft.edits, text)
        else:
            await self.desk.forum.say(self.topic, text, self._draft.answers or None)
        self._begin(Draft())

    def _begin(self, draft: Draft) -> None:
        """Write this from now on: what was begun before is gone."""
        self._draft = draft
        field = self.query_one("#text", Input)
        field.value, field.placeholder = draft.text, draft.hint or t("talk.hint")
        field.cursor_position = len(draft.text)

    def action_write(self) -> None:
        """Begin to write."""
        self.query_one("#text").focus()

    def action_reply(self) -> None:
        """Answer the message that the cursor is on."""
        message = self.highlighted
        if message is not None and not message.removed and self.topic in self.known:
            self._begin(Draft(answers=message.id, hint=t("talk.replying", author=message.author)))
            self.action_write()

    def action_edit(self) -> None:
        """Other words for one's own message."""
        message = self.highlighted
        if message is None or message.removed or self.topic not in self.known:
            return
        if not self.own:
            self.notify(t("refused.not_author"), severity="warning")
            return
        self._begin(Draft(edits=message.id, text=message.text, hint=t("talk.edit")))
        self.action_write()

    def action_leave(self) -> None:
        """Back from writing to reading."""
        if self._draft != Draft():
            self._begin(Draft())
        self.query_one("#said" if self.query_one("#text").has_focus else "#topics").focus()

    def action_like(self) -> None:
        """Like the message that the cursor is on, or not any more."""
        self._react("like")

    def action_react(self) -> None:
        """Choose what one thinks of the message that the cursor is on."""
        if self.highlighted is not None:
            offers = [Offer(t(f"talk.reaction.{kind}"), partial(self._react, kind)) for kind in REACTIONS]
            self.terminal.ask(Finder(offers, t("talk.react")), self.terminal.found)

    def _react(self, kind: str) -> None:
        if self.highlighted is not None:
            self._do(self.desk.forum.react(self.highlighted, kind), group="react")

    def action_remove(self) -> None:
        """Take one's own message back; a moderator says why another's goes."""
        message, profile = self.highlighted, self.state.profile
        if message is None or message.removed or profile is None:
            return
        if self.own:
            self._do(self.desk.forum.remove(message.id), group="remove")
        elif MODERATORS.isdisjoint(profile.roles):
            self.notify(t("refused.not_author"), severity="warning")
        else:
            removed = partial(self._with_reason, self.desk.forum.remove, message.id)
            self.terminal.ask(Prompt("talk.why_removed", LONGEST_REASON), removed)

    def action_report(self) -> None:
        """Ask moderators to look at the message that the cursor is on."""
        message = self.highlighted
        if message is not None and not message.removed:
            reported = partial(self._with_reason, self._report, message.id)
            self.terminal.ask(Prompt("talk.why_reported", LONGEST_REASON), reported)

    def _with_reason(self, act: Callable[[str, str], Awaitable[object]], message_id: str, reason: str | None) -> None:
        if reason:
            self._do(act(message_id, reason), group="report")

    async def _report(self, message_id: str, reason: str) -> None:
        await self.desk.forum.report(message_id, reason)
        self.notify(t("talk.reported"))

    def action_search(self) -> None:
        """Look for words in all topics."""
        self.terminal.ask(Prompt("talk.search_title", LONGEST_SEARCH), self._sought)

    def _sought(self, words: str | None) -> None:
        if words:
            self._do(self._search(words), group="search")

    async def _search(self, words: str) -> None:
        self._found = await self.desk.forum.search(words)
        self.open(FOUND)
        self.query_one("#said").focus()

    def action_follow(self) -> None:
        """Follow the topic that is open, or not any more."""
        if self.topic in self.known:
            self._do(self.desk.forum.follow(self.known[self.topic]), group="follow")

    def action_mentions(self) -> None:
        """Where the trader was named."""
        self.open(MENTIONS)

    def action_new_topic(self) -> None:
        """Ask for a title and open a topic."""
        self.terminal.ask(Prompt("talk.new_title", LONGEST_TITLE), self._titled)

    def _titled(self, title: str | None) -> None:
        if title:
            self._do(self._open_new(title), group="new")

    async def _open_new(self, title: str) -> None:
        topic = await self.desk.forum.open_topic(title)
        self.open(topic.id)
        self.action_write()

    def _do(self, act: Awaitable[object], group: str) -> None:
        self.run_worker(self.terminal.tried(act), group=group)
