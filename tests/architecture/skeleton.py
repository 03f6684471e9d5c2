"""An empty tree with the project's rooms, on which each door can be shown to catch what it is there for."""

from pathlib import Path

SERVICES = ("auth", "bff", "market_data", "orders", "portfolio", "recommendations", "chat", "notifications")
ROOMS = ("app", "api", "gateway", "handlers", "store", "domain", "manifest")
OTHERS = (
    "services.contracts.manifest",
    "services.fix.session",
    "services.fix.transport",
    "services.kernel.uow",
    "services.runtime.log",
    "sim.venue.app",
    "sim.venue.manifest",
    "sim.mail",
    "tradectl.cli.app",
    "tradectl.stack.topology",
    "tradectl.render.compose",
    "tradectl.stack.backends",
    "tradectl.stack.containers",
    "tradectl.audit",
    "tradectl.probes.http",
    "tradectl.trader.trader",
    "tradectl.desk.desk",
    "tradectl.tui.app",
    "tradectl.overview.facts",
    "tradectl.dash.app",
    "tradectl.looks.themes",
    "tradectl.tui.screens.market",
    "tradectl.tui.widgets.ladder",
    "tradectl.dashboards.boards",
    "tradectl.dashboards.grafana",
    "tradectl.dashboards.model",
    "tradectl.backup.sealing",
    "tradectl.backup.packing",
    "tradectl.backup.manifest",
    "tradectl.backup.retention",
    "tradectl.backup.store.s3",
    "tradectl.testing.plugin",
    "scenarios.load",
)
# What a sound tree also imports, so that the doors are seen to let it through.
SOUND = {
    "services.orders.app": "import services.kernel.uow, services.orders.api",
    "services.orders.store": "import sqlalchemy",
    "services.orders.gateway": "import services.fix.transport, services.orders.handlers",
    "services.orders.handlers": "import services.orders.store",
    "services.orders.manifest": "import services.contracts.manifest",
    "services.fix.transport": "import asyncio, services.fix.session",
    "sim.venue.app": "import services.runtime.log",
    "sim.mail": "import sim.venue",
    "tradectl.cli.app": "import typer, rich.table, tradectl.stack.topology",
    "tradectl.desk.desk": "import asyncio, tradectl.trader.trader",
    "tradectl.tui.app": "import textual.app, rich.text, tradectl.desk.desk",
    "tradectl.dash.app": "import textual.app, rich.text, tradectl.overview.facts, tradectl.looks.themes",
    "tradectl.looks.themes": "import textual.theme, rich.segment",
    "tradectl.tui.screens.market": "import tradectl.desk.desk, tradectl.tui.widgets.ladder",
    "tradectl.dashboards.boards": "import tradectl.dashboards.model",
    "tradectl.dashboards.grafana": "import grafana_foundation_sdk.builders, tradectl.dashboards.model",
    "tradectl.backup.store.s3": "import boto3",
    "tradectl.render.compose": "import tradectl.stack.topology",
    "tradectl.testing.plugin": "import pytest, tradectl.probes.http",
    "tradectl.stack.topology": "import services.orders.manifest, sim.venue.manifest",
}


def build(root: Path, project: str) -> None:
    """Write the sound tree and the text of the project file that holds the contracts."""
    (root / "pyproject.toml").write_text(project, encoding="utf-8")
    for module in (*OTHERS, *(f"services.{service}.{room}" for service in SERVICES for room in ROOMS)):
        append(root, module, SOUND.get(module, ""))


def append(root: Path, module: str, text: str) -> None:
    path = root / f"{module.replace('.', '/')}.py"
    path.parent.mkdir(parents=True, exist_ok=True)
    for package in path.parents[: len(module.split(".")) - 1]:
        (package / "__init__.py").touch()
    with path.open("a", encoding="utf-8") as file:
        file.write(f"{text}\n")
