"""An environment's database is lost: its backup comes back in another namespace, and agrees with the venue."""

import json
from collections.abc import Iterator
from typing import Any

import pytest

from tests.charts import FOLDER
from tests.clusters import Cluster, Namespace
from tests.e2e.tool import Tool
from tradectl.backup.key import make
from tradectl.render.wiring import world_ports
from tradectl.stack.topology import platform

pytestmark = [pytest.mark.cluster, pytest.mark.timeout(1500)]
LOST, FOUND = "backed-up", "restored"
SMALL = ["default.replicas=1", "envoy.replicas=1"]
WITHOUT_WORLD = ["sim.enabled=false", "auditor.enabled=false"]
SCHEMAS = [each.name for each in platform().services if each.database]
EMPTIED = f"{' '.join(f'DROP DATABASE IF EXISTS {each};' for each in SCHEMAS)} RESET BINARY LOGS AND GTIDS;"


class Kept(Namespace):
    """An environment whose backups lie in the S3 of one of them."""

    def keep_backups(self) -> None:
        """The Secret that seals and opens them, and the servers with it."""
        folder = self.folder / "backup"
        if not folder.exists():
            folder.mkdir()
            make(folder / "key")
            secret = (self.folder / "secrets/s3_key").read_text()
            (folder / "aws").write_text(
                f"[default]\naws_access_key_id = tradectl\naws_secret_access_key = {secret}\n", encoding="ascii"
            )
        self._secret("generic", "tradectl-backup", f"--from-file={folder}")
        store = f"s3://backups/desk?endpoint=http://s3.{LOST}:7070"
        told = [
            "backup.enabled=true",
            f"backup.store={json.dumps(store)}",
            f'backup.name="{LOST}"',
            f"s3.enabled={json.dumps(self.name == LOST)}",
        ]
        self.install("data", "lab", beside=("backup", "versitygw"), told=told)

    def job(self, name: str, *command: str) -> str:
        """Run a Job of the CronJob's, by another command where one is given; what it said."""
        self.cluster.kubectl("delete", "job", name, "-n", self.name, "--ignore-not-found")
        made = json.loads(
            self.cluster.kubectl(
                "create", "job", name, "-n", self.name, "--from=cronjob/backup-full", "--dry-run=client", "-o", "json"
            )
        )
        if command:
            made["spec"]["template"]["spec"]["containers"][0]["command"] = [*command]
        self.cluster.kubectl("apply", "-f", "-", "-n", self.name, told=json.dumps(made))
        self.cluster.kubectl("wait", f"job/{name}", "-n", self.name, "--for=condition=complete", "--timeout=240s")
        return self.cluster.kubectl("logs", f"job/{name}", "-n", self.name)

    def say(self, server: str, statements: str) -> None:
        """To a server, as root."""
        login = "MYSQL_PWD=$(cat /run/secrets/mysql_root) exec mysql -h127.0.0.1 -uroot"
        self.run_in(f"{server}-0", "sh", "-c", login, told=statements)

    def run_in(self, where: str, *command: str, told: str | None = None) -> str:
        return self.cluster.kubectl("exec", "-i", "-n", self.name, where, "--", *command, told=told)

    def follow(self) -> None:
        """The replica has what the primary has, and goes on by its log."""
        dump = "mysqldump --single-transaction --set-gtid-purged=ON --databases " + " ".join(SCHEMAS)
        login = "export MYSQL_PWD=$(cat /run/secrets/mysql_root);"
        text = self.run_in("primary-0", "sh", "-c", f"{login} {dump} -h127.0.0.1 -uroot 2>/dev/null")
        self.run_in("replica-0", "sh", "-c", f"{login} mysql --binary-mode -h127.0.0.1 -uroot", told=text)
        self.say("replica", "SET GLOBAL super_read_only = ON; START REPLICA")


@pytest.fixture(scope="module")
def lost(cluster: Cluster, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Kept]:
    namespace = Kept(cluster, LOST, tmp_path_factory.mktemp("lost"))
    try:
        namespace.keep_backups()
        namespace.install("chart", "lab", told=SMALL)
        yield namespace
    finally:
        namespace.remove()


@pytest.fixture(scope="module")
def restored(lost: Kept) -> Iterator[Kept]:
    """Servers of their own, the same secrets, and the outside world of the one that was lost."""
    namespace = Kept(lost.cluster, FOUND, lost.folder)
    try:
        namespace.keep_backups()
        outside = f"--external-name=sim.{LOST}.svc.cluster.local"
        lost.cluster.kubectl("create", "service", "externalname", "sim", outside, "-n", FOUND)
        yield namespace
    finally:
        namespace.remove()


def test_what_the_cronjob_backed_up_is_restored_elsewhere_and_agrees_with_the_venue(
    lost: Kept, restored: Kept, tool: Tool
) -> None:
    before = traded(lost, lost, tool)
    lost.cluster.kubectl("scale", "deployment", "-n", LOST, "--replicas=0", "-l", "app.kubernetes.io/instance=platform")
    lost.cluster.kubectl(
        "wait", "pod", "-n", LOST, "--for=delete", "--timeout=120s", "-l", "app.kubernetes.io/name=orders"
    )
    assert "is whole" in lost.job("backup-now")

    stopped = "STOP REPLICA; SET GLOBAL super_read_only = OFF; SET GLOBAL read_only = OFF; RESET REPLICA;"
    restored.say("replica", stopped + EMPTIED)
    restored.say("primary", EMPTIED)
    said = restored.job("restore-now", "tradectl", "backup", "restore", "--name", LOST, "--quiet")
    assert "its services may start" in said
    restored.follow()

    restored.install("chart", "lab", told=[*SMALL, *WITHOUT_WORLD])
    bring_auditor(restored)
    assert audited(restored)["differences"] == []
    after = traded(lost, restored, tool)
    assert after["ok"], json.dumps(after)[:2000]
    assert before["ok"]
    assert audited(restored)["differences"] == []


def traded(world: Namespace, at: Namespace, tool: Tool) -> dict[str, Any]:
    """Somebody who trades once at an environment's door; mail comes to a world that may be another's."""
    with world.forwarded("sim", world_ports(platform())["mail.http"]) as mail:
        report: dict[str, Any] = tool.ok(
            "smoke", "--target", at.door(), "--mail", mail, "--cacert", str(at.authority), "--json"
        ).json
    return report


def bring_auditor(restored: Namespace) -> None:
    """It comes with a simulated world, and this one's is in another namespace."""
    rendered = restored.cluster.run(
        "helm", "template", "auditing", str(FOLDER / "chart"), "--show-only", "templates/auditor.yaml",
        f"--values={FOLDER / 'chart/values-lab.yaml'}", *restored.cluster.images("chart"),
    )  # fmt: skip
    restored.cluster.kubectl("apply", "-n", restored.name, "-f", "-", told=rendered)
    restored.cluster.kubectl("rollout", "status", "deployment/auditor", "-n", restored.name, "--timeout=120s")


def audited(restored: Kept) -> dict[str, Any]:
    """The whole audit, when nothing is under way any more."""
    report: dict[str, Any] = json.loads(
        restored.run_in("deployment/auditor", "tradectl", "audit", "--settled", "--json")
    )
    return report
