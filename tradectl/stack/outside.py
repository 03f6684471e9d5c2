"""How a system that is not ours reaches the outside world: where, as whom, and with which keys."""

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import urlsplit

from tradectl.stack.state import Sandbox

CLIENT = "CLIENT"
"""Its name at the broker."""
WATCHER = "MARKETDATA"
"""Its name where it asks for prices."""
BROKER = "BROKER"
KEY_HEADER = "X-API-Key"
SESSION = """\
[DEFAULT]
ConnectionType=initiator
BeginString=FIX.4.4
SenderCompID={client}
TargetCompID={broker}
StartTime=00:00:00
EndTime=00:00:00
NonStopSession=Y
HeartBtInt=30
ReconnectInterval=1
ResetOnLogon=N
UseDataDictionary=N
FileStorePath=store
FileLogPath=log

[SESSION]
SocketConnectHost={host}
SocketConnectPort={port}

# Market data: MarketDataRequest in, MarketDataSnapshotFullRefresh and MarketDataIncrementalRefresh out.
[SESSION]
SenderCompID={watcher}
SocketConnectHost={host}
SocketConnectPort={port}
ResetOnLogon=Y
"""


@dataclass(frozen=True)
class Door:
    """An address, and the header that opens it."""

    url: str
    header: str
    key: str


@dataclass(frozen=True)
class Outside:
    """``quickfix`` is a session file, lying at ``file``."""

    quickfix: str
    file: str
    broker: Door
    provider: Door
    stream: Door
    mail: str
    smtp: str
    push: str
    clock: str


def outside(sandbox: Sandbox, endpoints: Mapping[str, str]) -> Outside:
    """What to give to that system; the session file is also written."""
    keys, fix = sandbox.keys(), urlsplit(endpoints["broker.fix"])
    text = SESSION.format(client=CLIENT, watcher=WATCHER, broker=BROKER, host=fix.hostname, port=fix.port)
    file = sandbox.root / "quickfix.cfg"
    _write(file, text)
    provider = endpoints["provider.http"]
    return Outside(
        quickfix=text,
        file=str(file),
        broker=Door(endpoints["broker.http"], KEY_HEADER, keys["broker_key"]),
        provider=Door(provider, KEY_HEADER, keys["provider_key"]),
        stream=Door(f"{provider.replace('http', 'ws', 1)}/ws", KEY_HEADER, keys["provider_key"]),
        mail=endpoints["mail.http"],
        smtp=endpoints["mail.smtp"],
        push=endpoints["push.http"],
        clock=endpoints["clock.http"],
    )


def _write(file: Path, text: str) -> None:
    file.write_text(text, encoding="ascii")
