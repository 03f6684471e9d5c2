"""Words of the talk screen: topics, messages, mentions."""

WORDS = {
    "talk.title": ("Talk", "Форум"),
}
