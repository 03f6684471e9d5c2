"""Every kind of fault (docs/reference/faults.md is written from here)."""

from collections.abc import Mapping
from types import MappingProxyType

from services.contracts.faults.kind import Kind, Parameter


def percent(default: float = 10.0) -> Parameter:
    return Parameter("percent", "%", default, 0.1, 100.0)


def ms(default: float = 200.0, most: float = 60_000.0) -> Parameter:
    return Parameter("ms", "ms", default, 1.0, most)


def every(default: float = 1.0) -> Parameter:
    return Parameter("every", "s", default, 0.1, 600.0)


SYMBOL = Parameter("symbol", "", "AAPL")
SERVICE = Parameter("service", "", None)
BETWEEN = Parameter("between", "", None)
SERVER = Parameter("server", "", None)
RATE = Parameter("rate", "KiB/s", 4.0, 0.1, 100_000.0)
WITH_NETWORK = ("embedded", "containers", "external")
"""Compose's containers speak with each other directly."""
WITH_PORTS = ("containers",)
"""Compose keeps its servers' ports to itself."""
ENGINES = ("containers", "compose")


def network(name: str, does: str, *parameters: Parameter) -> Kind:
    """Suffered by the simulated network between two."""
    return Kind(name, "network", does, (BETWEEN, *parameters), backends=WITH_NETWORK)


def server(name: str, does: str, *parameters: Parameter, on: tuple[str, ...] = WITH_PORTS) -> Kind:
    """Suffered by a server, which does not know when it is over; some are done by speaking with its port."""
    return Kind(name, "server", does, parameters, "keeper", on)


PROVIDER = (
    Kind("provider.refuse", "provider", "Turns away every request and stream, and ends those that are open."),
    Kind("provider.latency", "provider", "Answers, and sends each frame of the stream, so much later.", (ms(),)),
    Kind("provider.drop", "provider", "Loses whole frames of the stream.", (percent(),)),
    Kind("provider.reset", "provider", "Ends each open stream, again and again.", (every(),)),
    Kind("provider.gap", "provider", "Leaves single messages out, so that their numbers are missing.", (percent(),)),
    Kind("provider.duplicate", "provider", "Sends messages twice.", (percent(),)),
    Kind("provider.reorder", "provider", "Swaps messages with the ones after them.", (percent(),)),
    Kind("provider.stale", "provider", "Sends nothing but heartbeats."),
    Kind("provider.half_open", "provider", "Sends nothing at all, on connections that stay open."),
    Kind("provider.slow", "provider", "Sends each stream no faster than this.", (RATE,)),
    Kind("provider.errors", "provider", "Answers requests by 500.", (percent(50.0),)),
)
FEED = (
    Kind("feed.gap", "provider", "Leaves messages of one symbol out, for every client alike.", (SYMBOL, percent())),
    Kind("feed.stale", "provider", "One symbol says nothing more.", (SYMBOL,)),
    Kind("feed.crossed", "provider", "One symbol's best bid stands above its best ask.", (SYMBOL,)),
    Kind(
        "feed.spike",
        "provider",
        "One symbol's whole book stands higher.",
        (SYMBOL, Parameter("percent", "%", 10.0, 0.1, 1_000.0)),
    ),
    Kind("feed.halt", "venue", "The venue halts one symbol: it refuses orders on it.", (SYMBOL,)),
)
BROKER = (
    Kind("broker.refuse", "broker", "Turns away every request by REST."),
    Kind("broker.latency", "broker", "Answers requests by REST so much later.", (ms(),)),
    Kind("broker.errors", "broker", "Answers requests by REST by 500.", (percent(50.0),)),
)
FIX = (
    Kind("fix.gap", "broker", "Messages get a number and are lost on the way.", (percent(),)),
    Kind(
        "fix.wrong_number",
        "broker",
        "Messages go out under another number than their own.",
        (percent(), Parameter("offset", "numbers", 2.0, -100.0, 100.0)),
    ),
    Kind("fix.duplicate", "broker", "Messages go out twice, without PossDupFlag.", (percent(),)),
    Kind("fix.garbled", "broker", "Messages go out with a wrong checksum.", (percent(),)),
    Kind("fix.logout", "broker", "Logs clients out, again and again.", (every(2.0),)),
    Kind("fix.disconnect", "broker", "Cuts connections without a word, again and again.", (every(2.0),)),
    Kind("fix.refuse", "broker", "Cuts connections, and closes each new one at once."),
    Kind("fix.slow_ack", "broker", "Sends every message so much later.", (ms(),)),
    Kind("fix.silent", "broker", "Sends nothing until it is over, on connections that stay open."),
    Kind("fix.reject", "broker", "Refuses new orders.", (percent(50.0),)),
    Kind("fix.reject_changes", "broker", "Refuses cancels and replaces.", (percent(50.0),)),
)
MAIL = (
    Kind("mail.refuse", "mail", "Closes each connection before a word is said."),
    Kind("mail.latency", "mail", "Takes so long over each message.", (ms(),)),
    Kind("mail.temporary", "mail", "Refuses messages for now (451).", (percent(50.0),)),
    Kind("mail.drop", "mail", "Keeps messages and cuts the connection before it says so.", (percent(50.0),)),
)
PUSH = (
    Kind("push.refuse", "push", "Turns away every push (503)."),
    Kind("push.latency", "push", "Takes so long over each push.", (ms(),)),
    Kind("push.errors", "push", "Answers pushes by 500, half of them after they were kept.", (percent(50.0),)),
    Kind("push.gone", "push", "Ends subscriptions that are pushed to (410), for good.", (percent(50.0),)),
)
CHATOPS = (
    Kind("chatops.refuse", "chatops", "Turns away every message of a bot (503)."),
    Kind("chatops.latency", "chatops", "Answers bots so much later.", (ms(),)),
)
SERVICES = (
    Kind("service.slow", "service", "Answers so much later.", (SERVICE, ms())),
    Kind("service.errors", "service", "Answers 503 and does nothing.", (SERVICE, percent())),
    Kind("service.memory", "service", "Holds memory.", (SERVICE, Parameter("mib", "MiB", 64.0, 1.0, 4_096.0))),
    Kind(
        "service.clock_skew",
        "service",
        "Sees market time so much later than it is, or earlier.",
        (SERVICE, Parameter("ms", "ms", 2_000.0, -3_600_000.0, 3_600_000.0)),
    ),
    Kind("service.kill", "process", "Is killed; its supervisor brings it back.", (SERVICE, every(600.0)), "supervisor"),
    Kind("service.pause", "process", "Stands still (SIGSTOP).", (SERVICE,), "supervisor"),
)
NETWORK = (
    network("network.refuse", "Ends each connection, and each new one at once."),
    network("network.latency", "Carries everything so much later.", ms()),
    network("network.jitter", "Carries everything later by chance, up to this much.", ms()),
    network("network.bandwidth", "Carries no more than this.", RATE),
    network("network.drop", "Loses packets, and the connection stalls there until it is over.", percent()),
    network("network.reset", "Ends each connection, again and again.", every()),
    network("network.half_open", "Carries nothing until it is over, on connections that stay open."),
    network("network.slow_read", "Takes no more than this from who sends.", RATE),
)
SERVERS = (
    server("server.kill", "A server is killed, and started again when it is over.", SERVER, on=ENGINES),
    server("server.pause", "A server stands still.", SERVER, on=ENGINES),
    server("cache.flush", "Redis forgets everything, once."),
    server("database.lock", "Every table of a service is locked.", SERVICE),
    server("database.read_only", "The primary refuses writers."),
)
KINDS: Mapping[str, Kind] = MappingProxyType(
    {
        kind.name: kind
        for kind in (*PROVIDER, *FEED, *BROKER, *FIX, *MAIL, *PUSH, *CHATOPS, *SERVICES, *NETWORK, *SERVERS)
    }
)
