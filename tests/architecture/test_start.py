"""The command line starts without the libraries that only the services or the terminal need."""

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

HEAVY = {"pamqp", "alembic", "fastapi", "services.kernel", "sqlalchemy", "starlette", "textual", "uvicorn"}
REPORTING_MODULES = """
import atexit, json, os, pathlib, sys
report = pathlib.Path(os.environ["MODULES"])
atexit.register(lambda: report.write_text(json.dumps(sorted(sys.modules))))
from tradectl.cli.app import main
main()
"""


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
