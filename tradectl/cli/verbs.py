"""The verbs by name: help is drawn from this table alone, a verb's module is imported when it is called."""

from dataclasses import dataclass
from importlib import import_module
from typing import Any

from typer.core import TyperCommand, TyperGroup
from typer.main import get_command as built

STACK = "The stack"
LOOK = "Look"
TRADE = "Trade"
WORLD = "The outside world"
PROVE = "Prove"
RELEASE = "Release"


@dataclass(frozen=True)
class Verb:
    """``help`` is the first line of the verb's own help; a test compares them."""

    help: str
    panel: str


VERBS = {
    "up": Verb("Start the platform and wait until a price has arrived.", STACK),
    "down": Verb("Stop the platform and leave nothing behind.", STACK),
    "gc": Verb("Remove what crashes left: processes, containers, networks, volumes.", STACK),
    "reset": Verb("Remove all that the sandbox holds, and begin anew.", STACK),
    "snapshot": Verb("Keep all that a sandbox holds under a name, and put it back.", STACK),
    "backup": Verb("Copy a sandbox to where it outlives this machine, prove the copy, and put it back.", STACK),
    "restart": Verb("End a service and start it with the code as it is now.", STACK),
    "stop": Verb("Stop a service until it is started again.", STACK),
    "start": Verb("Start a service that was stopped.", STACK),
    "run": Verb("Run a service in this terminal, for a debugger.", STACK),
    "edge": Verb("Stand before a sandbox with TLS: a real Envoy.", STACK),
    "certs": Verb("Make certificates for TLS in front of a sandbox, by an authority of its own.", STACK),
    "wait": Verb("Wait until the platform is ready, or quotes a price.", STACK),
    "topology": Verb("Write the files that are generated from the topology, and the secrets that they need.", STACK),
    "ps": Verb("Show each part and how it is.", LOOK),
    "logs": Verb("Show the log lines of all parts, merged by time.", LOOK),
    "dash": Verb(
        "Watch and steer a sandbox in the terminal: parts, logs, traces, metrics, queues, FIX, clock, faults, orders.",
        LOOK,
    ),
    "traces": Verb("Show requests across services: the last ones, or one as a waterfall.", LOOK),
    "alerts": Verb("Show what Prometheus and Alertmanager say is wrong, and keep them silent for a while.", LOOK),
    "dashboards": Verb(
        "Show Grafana's dashboards without Grafana: draw one as a picture, or look whether each panel has data.", LOOK
    ),
    "explain": Verb(
        "Show one order through every service, on one time axis: requests, FIX messages, reports, bookings.", LOOK
    ),
    "metrics": Verb("Show what is measured, as curves: rates, latencies, processors and memory.", LOOK),
    "describe": Verb("Show what a part is, needs, publishes and consumes.", LOOK),
    "dlq": Verb("Show events that a consumer has set aside, and put them back.", LOOK),
    "doctor": Verb("Look for what would keep the platform from starting.", LOOK),
    "tui": Verb("Trade in this terminal.", TRADE),
    "demo": Verb("Watch an agent trade in the terminal, with callouts, and take over when you like.", TRADE),
    "mail": Verb("Read the mail that the platform has sent.", WORLD),
    "push": Verb("Read what was pushed to browsers, and be one.", WORLD),
    "feed": Verb("Show where each market's prices come from.", WORLD),
    "clock": Verb("Show or set the market's clock.", WORLD),
    "fault": Verb("Break something on purpose, for a while.", WORLD),
    "smoke": Verb("Trade once, from registration to booked fills, and check every step.", PROVE),
    "scenario": Verb("Run what QA wrote down, and say exactly what went otherwise.", PROVE),
    "audit": Verb("Hold every account and order against the venue's own record.", PROVE),
    "digest": Verb("Hash accounts, orders, fills, cash and positions, to tell whether two runs are the same.", PROVE),
    "seed": Verb("Fill the sandbox with people and old orders, through the services' own stores.", PROVE),
    "load": Verb("Put a sandbox under load, and say honestly what it did.", PROVE),
    "release": Verb(
        "Scan, build, sign and publish releases, run one beside the one before, and keep what was seen of them.",
        RELEASE,
    ),
    "deploy": Verb(
        "Bring a release into an environment of the real cluster, watch it, and take it back: by Git and Argo CD.",
        RELEASE,
    ),
    "export": Verb(
        "Write a bug report: what runs, how it is, logs, traces, events, FIX messages and the audit.", PROVE
    ),
}


class Verbs(TyperGroup):
    """A group that imports a verb when it is called, not when it is listed."""

    listing = False

    def list_commands(self, ctx: Any) -> list[str]:  # noqa: ARG002 (click's signature)
        return list(VERBS)

    def get_command(self, ctx: Any, cmd_name: str) -> TyperCommand | TyperGroup | None:  # noqa: ARG002
        if cmd_name not in VERBS:
            return None
        return summary(cmd_name) if self.listing else load(cmd_name)

    def format_help(self, ctx: Any, formatter: Any) -> None:
        self.listing = True
        super().format_help(ctx, formatter)


def summary(name: str) -> TyperCommand:
    """A verb as the list shows it."""
    verb = VERBS[name]
    return TyperCommand(name, help=verb.help, rich_help_panel=verb.panel)


def load(name: str) -> TyperCommand | TyperGroup:
    """The verb itself, from the ``app`` of its module."""
    command = built(import_module(f"tradectl.cli.{name}").app)
    command.name = name
    if not isinstance(command, TyperCommand | TyperGroup):
        raise TypeError(f"tradectl/cli/{name}.py makes no command")
    return command
