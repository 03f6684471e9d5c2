"""Images and charts in a registry, each found again by its digest alone."""

import os
import re
from dataclasses import dataclass
from pathlib import Path

from tradectl.errors import ExitCode, TradectlError
from tradectl.release.program import run
from tradectl.release.record import Part

DIGEST = re.compile(r"sha256:[0-9a-f]{64}")
USER, PASSWORD = "TRADECTL_REGISTRY_USER", "TRADECTL_REGISTRY_PASSWORD"
LOOPBACK = re.compile(r"(localhost|127\.[0-9.]+)(:\d+)?(/|$)")


@dataclass(frozen=True)
class Registry:
    """``address`` is its host and the path before names: registry.example/platform. On loopback it has no TLS."""

    address: str

    @property
    def plain(self) -> bool:
        """Whether it is spoken with in the clear."""
        return LOOPBACK.match(self.address) is not None

    def log_in(self) -> None:
        """By the variables, where they are set; Docker, Helm and cosign read the same file of logins afterwards."""
        if os.environ.get(USER):
            user, password = os.environ[USER], os.environ.get(PASSWORD, "")
            host = self.address.partition("/")[0]
            run("docker", "login", "--username", user, "--password-stdin", host, told=password)

    def push_image(self, image: str, name: str, version: str) -> Part:
        """An image of the engine, under a name and a version; by its digest from then on."""
        repository = f"{self.address}/{name}"
        run("docker", "tag", image, f"{repository}:{version}")
        run("docker", "push", "--quiet", f"{repository}:{version}")
        said = run("docker", "image", "inspect", "--format", "{{range .RepoDigests}}{{println .}}{{end}}", image)
        for line in said.splitlines():
            at, _, digest = line.partition("@")
            if at == repository:
                return Part(repository=repository, digest=digest)
        raise TradectlError(f"{repository} has no digest of {image}", "push it by hand, and look", ExitCode.BAD_INPUT)

    def push_chart(self, folder: Path, version: str, work: Path) -> Part:
        """A chart, packed with what it links to, under a version that is its images', too."""
        name = run("helm", "show", "chart", str(folder)).partition("\nname: ")[2].split("\n")[0]
        run("helm", "package", str(folder), "--version", version, "--app-version", version, "--destination", str(work))
        plain = ["--plain-http"] if self.plain else []
        package = work / f"{name}-{version}.tgz"
        said = run("helm", "push", str(package), f"oci://{self.address}/charts", *plain, streams=True)
        found = DIGEST.search(said)
        if found is None:
            raise TradectlError(f"helm push does not say a digest: {said}", "", ExitCode.BAD_INPUT)
        return Part(repository=f"{self.address}/charts/{name}", digest=found[0])
