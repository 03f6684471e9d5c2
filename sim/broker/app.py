"""Wiring of the broker."""

from functools import partial
from typing import cast

from services.contracts.metrics import simulators
from services.fix.session import Role, SessionSettings
from services.fix.transport import Acceptor, Endpoint
from services.runtime import faults, local
from services.runtime.faults import Faults
from services.runtime.killpoints import reach
from services.runtime.metrics import Metrics
from services.runtime.resources import Resources, Running
from services.runtime.sessions import Named, measure
from sim.broker import api
from sim.broker.broker import Broker
from sim.broker.copies import HEARD, CopySession
from sim.broker.disturbing import disturb
from sim.broker.line import Line
from sim.broker.market import HEARD as ASKED
from sim.broker.market import MarketSession
from sim.broker.session import DELIVERED, BrokerSession
from sim.faults.door import disturbed
from sim.venue.exchange import URL, Exchange

COMP_ID = "BROKER"
MOST = 1_000_000
"""Whole shares or coins of one order; option ``broker_most``."""
KILL_POINTS = {"fix.send.before": "fix.after_commit", "fix.send.after": "fix.after_wire"}


def endpoint_for(session: BrokerSession, own: Faults) -> Endpoint:
    """Its messages are numbered and stored also while the client is away."""
    settings = SessionSettings(
        role=Role.ACCEPTOR, sender_comp_id=COMP_ID, target_comp_id=session.client, application=DELIVERED
    )
    return Endpoint(
        settings, session, send_when_down=True, kill_point=lambda name: reach(KILL_POINTS[name]), line=Line(own)
    )


def endpoint_for_copies(session: CopySession) -> Endpoint:
    """It is told nothing while the client is away."""
    settings = SessionSettings(
        role=Role.ACCEPTOR, sender_comp_id=COMP_ID, target_comp_id=session.client, application=HEARD
    )
    return Endpoint(settings, session)


def endpoint_for_prices(session: MarketSession) -> Endpoint:
    """The same; and its numbers begin with each start of the broker."""
    settings = SessionSettings(
        role=Role.ACCEPTOR, sender_comp_id=COMP_ID, target_comp_id=session.client, application=ASKED
    )
    return Endpoint(settings, session)


async def run(resources: Resources) -> Running:
    """Take orders on the sockets ``fix`` and ``http``.

    Options: ``fix_clients``, ``fix_drop_copies`` and ``fix_market_data`` (CompIDs, separated by commas), ``broker_key``
    (opens REST beside the sandbox's key), ``broker_most``.
    """
    own = faults.of("broker")
    broker = Broker(cast(Exchange, local.find(URL)), int(resources.options.get("broker_most", MOST)))
    await broker.open()
    clients = resources.options.get("fix_clients", "ORDERS").split(",")
    opened = [BrokerSession(broker, client, own) for client in clients]
    sessions = {session: endpoint_for(session, own) for session in opened}
    copies = [CopySession(broker, name) for name in resources.options.get("fix_drop_copies", "DROPCOPY").split(",")]
    copying = {session: endpoint_for_copies(session) for session in copies}
    names = resources.options.get("fix_market_data", "MARKETDATA").split(",")
    prices = {
        session: endpoint_for_prices(session) for session in [MarketSession(broker.venue, name) for name in names]
    }
    for session in sessions:
        await session.open()
    for copy in copies:
        await copy.open()
    disturb(own, list(sessions.values()))
    acceptor = Acceptor(
        [*sessions.values(), *copying.values(), *prices.values()],
        listener=resources.sockets["fix"],
        admits=lambda: own.find("fix.refuse") is None,
    )
    await acceptor.__aenter__()

    async def settled() -> dict[str, object]:
        unsent: dict[str, object] = {f"unsent:{session.client}": session.unsent for session in sessions}
        return unsent | {f"numbers:{session.client}": session.numbers._asdict() for session in sessions}

    metrics = Metrics("broker")
    ends = {
        **{each.client: end for each, end in sessions.items()},
        **{each.client: end for each, end in copying.items()},
    }
    measure(metrics, lambda: [Named(client, end) for client, end in ends.items()])
    metrics.gauge(simulators.UNSENT).read_all(lambda: {(each.client,): each.unsent for each in sessions})
    return Running(
        metrics=metrics,
        asgi=disturbed(api.application(broker, (resources.key, resources.options.get("broker_key", ""))), own),
        tasks=[
            *(partial(session.carry_reports, endpoint) for session, endpoint in sessions.items()),
            *(partial(session.carry, endpoint) for session, endpoint in copying.items()),
            *(partial(session.carry, endpoint) for session, endpoint in prices.items()),
        ],
        settled=settled,
        stop=lambda: acceptor.__aexit__(None, None, None),
    )
