"""A folder that holds all about a failure, and the command that runs it again."""

import json
import os
import platform
import shutil
import time
from dataclasses import asdict
from importlib.metadata import version
from pathlib import Path
from shlex import quote
from typing import Any

from tradectl.scenario.load import Loaded
from tradectl.scenario.outcome import Failure, Outcome
from tradectl.scenario.stage import Stage
from tradectl.scenario.target import Target
from tradectl.scenario.timeline import log_lines
from tradectl.stack.state import home

FOLDER = "failures"


def write(loaded: Loaded, outcome: Outcome, failure: Failure, stage: Stage, orders: list[Any]) -> Path:
    """The folder, new for each failure."""
    stamp = time.strftime("%Y%m%d-%H%M%S")
    name = f"{stamp}-{loaded.name.replace('/', '-')}-{outcome.round}-{os.getpid()}"
    folder = home() / FOLDER / name
    folder.mkdir(parents=True, exist_ok=True)
    copied = copy_files(loaded, folder)
    report = {**asdict(outcome), "failure": asdict(failure), "tradectl": version("tradectl")}
    machine = {"python": platform.python_version(), "system": platform.platform()}
    write_json(folder / "report.json", {**report, **machine})
    write_json(folder / "orders.json", orders)
    lines = log_lines(stage, {str(order["id"]) for order in orders})
    (folder / "log.jsonl").write_text("".join(f"{json.dumps(line)}\n" for line in lines), encoding="utf-8")
    (folder / "timeline.txt").write_text("\n".join([*failure.orders, "", *failure.timeline, ""]), encoding="utf-8")
    replay = folder / "replay.sh"
    replay.write_text(f"#!/bin/sh\n{command(copied, outcome, folder, stage.target)}\n", encoding="utf-8")
    replay.chmod(0o755)
    return folder


def copy_files(loaded: Loaded, folder: Path) -> Path:
    """The scenario, what it includes and its feed, lying to each other as they did; where the scenario now lies."""
    files = {*loaded.files, *([loaded.feed] if loaded.feed else [])}
    parents = {str(file.parent) for file in files}
    root = Path(os.path.commonpath(parents))
    for file in files:
        place = folder / "scenario" / file.relative_to(root)
        place.parent.mkdir(parents=True, exist_ok=True)
        shutil.copyfile(file, place)
    return folder / "scenario" / loaded.file.resolve().relative_to(root)


def command(file: Path, outcome: Outcome, folder: Path, target: Target) -> str:
    """What runs it again, from wherever it is called."""
    where = file.relative_to(folder)
    on = f"--backend {outcome.backend}"
    if target.sandbox is None:
        on = " ".join(["--target", quote(target.door), *(["--mail", quote(target.mail)] if target.mail else [])])
    return f'tradectl scenario run "$(dirname "$0")/{where}" --seed {outcome.seed} {on} "$@"'


def write_json(path: Path, document: Any) -> None:
    path.write_text(json.dumps(document, indent=1, ensure_ascii=False) + "\n", encoding="utf-8")
