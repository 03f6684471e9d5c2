"""The platform as containers: `docker compose up`, and the backend that drives the same."""

import os
import subprocess
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import docker
import pytest

from tests.composing import FILE, need, without_compose, without_image
from tests.e2e.tool import Tool
from tradectl.probes.eventually import eventually
from tradectl.stack.containers.addresses import free

LABEL = "com.docker.compose.project"


@dataclass(frozen=True)
class Project:
    """compose.yaml under a name, with ports and secrets of its own."""

    name: str
    folder: Path
    https: int
    mail: int

    @property
    def environment(self) -> dict[str, str]:
        own = {
            "COMPOSE_PROJECT_NAME": self.name,
            "TRADECTL_SECRETS_FOLDER": str(self.folder / "secrets"),
            "TRADECTL_CERTS_FOLDER": str(self.folder / "certs"),
            "TRADECTL_PORT_HTTPS": str(self.https),
            "TRADECTL_PORT_MAIL": str(self.mail),
        }
        return {**os.environ, **own}

    def compose(self, *arguments: str) -> subprocess.CompletedProcess[str]:
        command = ["docker", "compose", "--file", str(FILE), "--profile", "core", *arguments]
        return subprocess.run(
            command, env=self.environment, stdin=subprocess.DEVNULL, capture_output=True, text=True, check=False
        )

    def left(self) -> list[str]:
        """Everything in the engine that is of this project."""
        engine, mine = docker.from_env(), f"{LABEL}={self.name}"
        try:
            containers = [each.name for each in engine.containers.list(all=True, filters={"label": mine})]
            networks = [each.name for each in engine.networks.list(filters={"label": mine})]
            volumes = [each.name for each in engine.volumes.list(filters={"label": mine})]
        finally:
            engine.close()
        return [str(name) for name in (*containers, *networks, *volumes)]


@pytest.fixture
def project(tmp_path: Path) -> Iterator[Project]:
    need(without_image())
    https, mail = free(2)
    made = Project(f"tradectl-e2e-{os.getpid()}", tmp_path, https, mail)
    tool = Tool(tmp_path / "home")
    tool.ok("topology", "secrets", "--to", str(tmp_path / "secrets"))
    tool.ok("certs", "make", "--folder", str(tmp_path / "certs"), "--shared")
    yield made
    made.compose("down", "--volumes")


@pytest.mark.night
def test_compose_takes_the_file_as_it_is() -> None:
    need(without_compose())
    checked = subprocess.run(
        ["docker", "compose", "--file", str(FILE), "--profile", "full", "config", "--quiet"],
        capture_output=True,
        text=True,
        check=False,
    )
    assert (checked.returncode, checked.stderr) == (0, "")


@pytest.mark.night
@pytest.mark.timeout(900)
def test_docker_compose_up_brings_a_platform_that_trades_and_down_leaves_nothing(project: Project) -> None:
    up = project.compose("up", "--wait", "--wait-timeout", "400")
    assert up.returncode == 0, up.stderr[-2000:]
    tool = Tool(project.folder / "home")
    target, mail = f"https://localhost:{project.https}", f"http://localhost:{project.mail}"
    authority = str(project.folder / "certs" / "authority.pem")
    smoke = tool.run("smoke", "--target", target, "--mail", mail, "--json", SSL_CERT_FILE=authority)
    assert smoke.json["ok"] is True, smoke.out
    reach = "timeout 3 bash -c 'exec 3<>/dev/tcp/{}/8000'"
    assert project.compose("exec", "chat", "bash", "-c", reach.format("auth.in")).returncode == 0
    for name in ("orders.in", "orders"):
        assert project.compose("exec", "chat", "bash", "-c", reach.format(name)).returncode != 0, name
    assert project.compose("down", "--volumes").returncode == 0
    assert project.left() == []


@pytest.mark.night
@pytest.mark.timeout(900)
def test_on_the_compose_backend_a_killed_container_is_back_by_itself_and_the_books_agree(tmp_path: Path) -> None:
    need(without_image())
    tool = Tool(tmp_path / "home", "compose")
    try:
        with tool.start("up", "--timeout", "400", "--quiet") as up:
            assert up.wait(500) == 0
        assert tool.ok("ps", "--json").json["backend"] == "compose"
        assert tool.ok("smoke", "--json").json["ok"] is True
        engine = docker.from_env()
        mine = engine.containers.list(filters={"label": f"tradectl.home={tmp_path / 'home'}"})
        portfolio = next(each for each in mine if "-portfolio-" in str(each.name))
        portfolio.kill()
        engine.close()
        restarted(tool)
        assert tool.ok("audit", "--settled", "--json").json["clean"] is True
    finally:
        tool.run("down")
    assert (tool.leftovers(), tool.in_engine()) == ([], [])


def restarted(tool: Tool) -> None:
    """Wait until portfolio is ready again."""

    def back() -> bool | None:
        shown = tool.ok("ps", "--json").json
        child = next(each for each in shown["children"] if each["name"] == "portfolio")
        return True if shown["up"] and child["restarts"] else None

    eventually(back, 60, what="portfolio ready again")
