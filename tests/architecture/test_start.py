"""Who starts imports no library that only others need."""

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

HEAVY = {"aiormq", "alembic", "fastapi", "redis", "services.kernel", "sqlalchemy", "starlette", "textual", "uvicorn"}
REMOTE = {"aiormq", "asyncmy", "hiredis", "pamqp", "redis", "yarl"}
"""What only real servers need."""
REPORTING_MODULES = """
import atexit, json, os, pathlib, sys
report = pathlib.Path(os.environ["MODULES"])
atexit.register(lambda: report.write_text(json.dumps(sorted(sys.modules))))
from tradectl.cli.app import main
main()
"""
EMBEDDED = """
import sys
from services.kernel.broker import broker_for
from services.kernel.cache import cache_for
from tradectl.stack.children import in_one
from tradectl.stack.topology import platform
from tradectl.stack.warm import load_all
load_all(in_one(platform()))
broker_for(f"memory://broker?path={sys.argv[1]}"), cache_for("memory://cache")
print(*sys.modules)
"""


DESK = "import tradectl.desk.desk, tradectl.desk.entry, sys; print(*sys.modules)"
PLUGIN = "import tradectl.testing, sys; print(*sys.modules)"


@pytest.mark.parametrize("arguments", [["ps"], ["ps", "--json"], ["ps", "--help"], ["--help"]], ids=" ".join)
def test_it_imports_no_server_and_no_database(tmp_path: Path, arguments: list[str]) -> None:
    report = tmp_path / "modules.json"
    run = subprocess.run(
        [sys.executable, "-c", REPORTING_MODULES, *arguments],
        env=os.environ | {"MODULES": str(report), "TRADECTL_HOME": str(tmp_path / "home")},
        capture_output=True,
        text=True,
        check=False,
    )
    assert "Traceback" not in run.stderr
    assert HEAVY.isdisjoint(json.loads(report.read_text(encoding="utf-8")))


def test_a_sandbox_in_one_process_imports_no_client_of_a_server(tmp_path: Path) -> None:
    run = subprocess.run(
        [sys.executable, "-c", EMBEDDED, tmp_path / "broker.db"], capture_output=True, text=True, check=True
    )
    assert REMOTE.isdisjoint(run.stdout.split())


def test_the_plugin_that_every_pytest_loads_imports_nothing_of_the_tool() -> None:
    run = subprocess.run([sys.executable, "-c", PLUGIN], capture_output=True, text=True, check=True)
    ours = {name for name in run.stdout.split() if name.partition(".")[0] in {"tradectl", "services", "sim"}}
    assert ours == {"tradectl", "tradectl.testing", "tradectl.testing.plugin"}
    assert HEAVY.isdisjoint(run.stdout.split())


def test_a_desk_runs_without_what_draws() -> None:
    run = subprocess.run([sys.executable, "-c", DESK], capture_output=True, text=True, check=True)
    found = {name.partition(".")[0] for name in run.stdout.split()}
    assert {"rich", "textual", "typer"}.isdisjoint(found)
    assert "tradectl.tui" not in run.stdout.split()
