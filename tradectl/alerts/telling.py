"""alertmanager.yml: what is told to whom, once; and what need not be told because something graver says it."""

from dataclasses import dataclass
from typing import Any

from tradectl.alerts.document import text
from tradectl.audit.people import OPERATORS

HEAD = """Generated (`tradectl alerts config` writes it anew). A page goes to mail, Telegram and Slack, a ticket to mail
and Slack; a group is told once when it begins and once when it is over, and again every few hours while it lasts."""
CHAT = -1_001_234_567_890
"""Telegram's id of the operators' group; a supergroup's begins with -100."""
CHANNEL = "#operators"
SENDER = "alerts@tradectl.invalid"
TEMPLATES = "templates/*.tmpl"
ENVIRONMENT = "environment"
"""Where one Prometheus watches several; nothing has it elsewhere."""
BY = ["alertname", ENVIRONMENT, "job", "slo"]

SILENCED_BY = {
    "PartDown": "PartNotReady|InstanceDown|PartRestarts|FixSessionDown|FeedStale",
    "FixSessionDown": "PartNotReady|OrdersWait|OrdersAnsweredLate|FixResends",
    "FeedStale": "PartNotReady|SymbolsStale|FeedGaps",
}
"""A cause, and what it brings about in the same part."""
EVERYWHERE = {
    "DatabaseDown": "PartNotReady|OutboxStands|QueueGrows|ReplicaLags|PoolFull|FillsLate|.+ErrorBudgetBurns",
    "CacheDown": "PartNotReady|FeedStale|QuotesErrorBudgetBurns",
    "BrokerAlarm": "OutboxStands|QueueGrows|FillsLate|NotificationsLate",
}
"""A cause, and what it brings about in other parts."""


@dataclass(frozen=True, kw_only=True)
class Ways:
    """``smtp`` is ``host:port``, ``telegram`` the Bot API's address; the files hold the bot's token and Slack's hook.

    ``wait`` is how long a new group waits for more, ``again`` until its changes are told, ``repeat`` until it is told
    once more.
    """

    smtp: str
    telegram: str
    token_file: str
    hook_file: str
    wait: str = "10s"
    again: str = "1m"
    repeat: str = "4h"


def alertmanager(ways: Ways) -> str:
    """The whole file."""
    return text(
        {
            "global": {
                "smtp_from": SENDER,
                "smtp_smarthost": ways.smtp,
                "smtp_hello": "alertmanager",
                "smtp_require_tls": False,
                "telegram_api_url": ways.telegram,
            },
            "templates": [TEMPLATES],
            "route": {
                "receiver": "ticket",
                "group_by": BY,
                "group_wait": ways.wait,
                "group_interval": ways.again,
                "repeat_interval": ways.repeat,
                "routes": [{"matchers": ['severity="page"'], "receiver": "page"}],
            },
            "inhibit_rules": [*_inhibitions()],
            "receivers": [_receiver("page", ways, urgent=True), _receiver("ticket", ways, urgent=False)],
        },
        HEAD,
    )


def _inhibitions() -> list[dict[str, Any]]:
    return [
        _inhibition(['severity="page"'], 'severity="ticket"', *BY),
        *(_inhibition([named(cause)], among(rest), ENVIRONMENT, "job") for cause, rest in SILENCED_BY.items()),
        *(_inhibition([named(cause)], among(rest), ENVIRONMENT) for cause, rest in EVERYWHERE.items()),
        _inhibition([named("ServerDown"), 'job="rabbitmq"'], among(EVERYWHERE["BrokerAlarm"]), ENVIRONMENT),
    ]


def named(alert: str) -> str:
    return f'alertname="{alert}"'


def among(alerts: str) -> str:
    return f'alertname=~"{alerts}"'


def _inhibition(source: list[str], target: str, *equal: str) -> dict[str, Any]:
    return {"source_matchers": source, "target_matchers": [target], "equal": [*equal]}


def _receiver(name: str, ways: Ways, *, urgent: bool) -> dict[str, Any]:
    mail = {
        "to": OPERATORS,
        "send_resolved": True,
        "headers": {"Subject": '{{ template "operators.title" . }}'},
        "text": '{{ template "operators.text" . }}',
        "html": '{{ template "operators.html" . }}',
    }
    slack = {
        "api_url_file": ways.hook_file,
        "channel": CHANNEL,
        "send_resolved": True,
        "color": '{{ template "operators.colour" . }}',
        "title": '{{ template "operators.title" . }}',
        "title_link": "",
        "text": '{{ template "operators.text" . }}',
        "fallback": '{{ template "operators.title" . }}',
    }
    telegram = {
        "bot_token_file": ways.token_file,
        "chat_id": CHAT,
        "send_resolved": True,
        "parse_mode": "HTML",
        "message": '{{ template "operators.telegram" . }}',
    }
    found: dict[str, Any] = {"name": name, "email_configs": [mail], "slack_configs": [slack]}
    return found | ({"telegram_configs": [telegram]} if urgent else {})
