"""The chat that operators read: Telegram's and Slack's doors for bots, which check what comes, keep it and show it."""
