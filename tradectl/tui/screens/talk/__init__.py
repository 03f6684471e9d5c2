"""The talk screen: topics, messages, mentions."""

from tradectl.tui.screens.talk.pane import TalkPane

__all__ = ["TalkPane"]
