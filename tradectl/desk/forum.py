"""The forum from the desk: topics, what is said in them, and who reads."""

import secrets

import msgspec

from tradectl.desk.account import FoundMessage, Message, Topic
from tradectl.desk.client import Client
from tradectl.desk.state import Items, State, decoded


class Forum:
    """Its writes may be sent again under their keys; what goes wrong is one of failures.py."""

    def __init__(self, client: Client, state: State) -> None:
        self._client = client
        self._state = state

    async def load_topics(self) -> None:
        """The pinned ones and then the liveliest first."""
        page = await self._client.get("/chat/topics", Items)
        self._state.topics = decoded(page.items, list[Topic])
        self._state.touch("topics")

    async def open_topic(self, title: str) -> Topic:
        """A new one, which is followed from its beginning."""
        answer = await self._client.ask("POST", "/chat/topics", body={"title": title}, key=secrets.token_hex(8))
        topic = msgspec.json.decode(answer, type=Topic)
        await self.load_topics()
        return topic

    async def say(self, topic_id: str, text: str, reply_to: str | None = None) -> Message:
        """A message, which is there at once; the link tells it to everybody else."""
        body = {"text": text, **({"reply_to": reply_to} if reply_to else {})}
        path = f"/chat/topics/{topic_id}/messages"
        answer = await self._client.ask("POST", path, body=body, key=secrets.token_hex(8))
        return self._keep(answer)

    async def edit(self, message_id: str, text: str) -> Message:
        """Other words for one's own message, within 15 minutes of posting it."""
        return self._keep(await self._client.ask("PATCH", f"/chat/messages/{message_id}", body={"text": text}))

    async def remove(self, message_id: str, reason: str = "") -> Message:
        """Take one's own words back; a moderator anybody's, with a reason. The place stays."""
        query = {"reason": reason} if reason else None
        return self._keep(await self._client.ask("DELETE", f"/chat/messages/{message_id}", query=query))

    async def react(self, message: Message, kind: str) -> Message:
        """Think so of a message, or not any more."""
        method = "DELETE" if kind in (message.my_reactions or ()) else "PUT"
        return self._keep(await self._client.ask(method, f"/chat/messages/{message.id}/reactions/{kind}"))

    async def report(self, message_id: str, reason: str) -> None:
        """Ask moderators to look at a message; a second time changes nothing."""
        await self._client.ask("POST", f"/chat/messages/{message_id}/report", body={"reason": reason})

    async def search(self, words: str) -> list[FoundMessage]:
        """Messages with all of these words, newest first."""
        page = await self._client.get("/chat/search", Items, q=words)
        return decoded(page.items, list[FoundMessage])  # type: ignore[no-any-return]

    async def follow(self, topic: Topic) -> None:
        """Follow it, or not any more."""
        await self._client.ask("DELETE" if topic.following else "PUT", f"/chat/topics/{topic.id}/follow")
        await self.load_topics()

    async def read(self, topic: Topic) -> None:
        """All of a followed topic has been seen."""
        if topic.following and topic.unread:
            await self._client.ask("POST", f"/chat/topics/{topic.id}/read", body={})
            await self.load_topics()

    def _keep(self, answer: bytes) -> Message:
        message = msgspec.json.decode(answer, type=Message)
        self._state.keep_message(message)
        return message
