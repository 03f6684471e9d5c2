"""The forum from the desk: topics, what is said in them, and who reads."""

import secrets

import msgspec

from tradectl.desk.account import Message, Topic
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
        message = msgspec.json.decode(answer, type=Message)
        self._state.messages.setdefault(topic_id, {})[message.id] = message
        self._state.touch(f"chat:{topic_id}")
        return message

    async def take_back(self, message_id: str) -> None:
        """Remove one's own words; the place stays."""
        await self._client.ask("DELETE", f"/chat/messages/{message_id}")

    async def like(self, message_id: str) -> None:
        """Once for a user and message, however often it is asked."""
        await self._client.ask("PUT", f"/chat/messages/{message_id}/reactions/like")

    async def follow(self, topic: Topic) -> None:
        """Follow it, or not any more."""
        await self._client.ask("DELETE" if topic.following else "PUT", f"/chat/topics/{topic.id}/follow")
        await self.load_topics()

    async def read(self, topic: Topic) -> None:
        """All of a followed topic has been seen."""
        if topic.following and topic.unread:
            await self._client.ask("POST", f"/chat/topics/{topic.id}/read", body={})
            await self.load_topics()
