"""The messages as a page for people."""

from collections.abc import Iterable
from html import escape

from sim.chatops.room import Message

PAGE = """<!doctype html>
<html lang="en"><meta charset="utf-8"><meta http-equiv="refresh" content="5"><title>Operators' chat</title>
<style>
body {{ font: 15px/1.4 system-ui, sans-serif; max-width: 46rem; margin: 2rem auto; padding: 0 1rem; }}
article {{ border-left: 3px solid #888; margin: 1rem 0; padding: .2rem .8rem; }}
article.telegram {{ border-color: #29a9eb; }} article.slack {{ border-color: #e01e5a; }}
small {{ color: #666; }} p {{ white-space: pre-wrap; margin: .3rem 0; }}
</style>
<h1>Operators' chat</h1>
{articles}
</html>
"""
ARTICLE = """<article class="{service}"><small>{number} · {service} {chat} · {time}</small>
<p><strong>{title}</strong></p><p>{text}</p></article>"""
NOTHING = "<p>Nobody has said anything yet.</p>"


def drawn(messages: Iterable[Message]) -> str:
    """The newest first."""
    articles = [
        ARTICLE.format(
            service=escape(each.service),
            number=each.id,
            chat=escape(each.chat),
            time=escape(each.received_at),
            title=escape(each.title),
            text=escape(each.text),
        )
        for each in messages
    ]
    return PAGE.format(articles="\n".join(reversed(articles)) or NOTHING)
