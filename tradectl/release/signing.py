"""Signatures by cosign, with a key pair of the platform's own: what was not signed with it is refused."""

import json
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory

from tradectl.errors import ExitCode, TradectlError
from tradectl.release.program import run
from tradectl.release.record import Part

PASSWORD = "COSIGN_PASSWORD"  # noqa: S105 (the variable's name)
SUFFIX = ".sig"
"""Of the file beside one that was signed."""
LOCAL = ["--allow-insecure-registry", "--allow-http-registry"]


@dataclass(frozen=True)
class Signer:
    """``key`` is the private one's file, cosign.key; its password is in COSIGN_PASSWORD. No public service is told."""

    key: Path
    plain: bool = False
    """Whether the registry is one of this machine, without TLS."""

    def sign(self, part: Part) -> None:
        """A signature beside an image or a chart in its registry."""
        with _quiet() as config:
            run("cosign", "sign", "--yes", *config, "--key", str(self.key), *self._local, part.address)

    def attest(self, part: Part, kind: str, document: Path) -> None:
        """A signed statement on an image, such as ``cyclonedx`` for what is in it."""
        arguments = ("--type", kind, "--predicate", str(document), "--key", str(self.key))
        with _quiet() as config:
            run("cosign", "attest", "--yes", *config, *arguments, *self._local, part.address)

    def sign_file(self, path: Path) -> Path:
        """A signature beside a file."""
        bundle = path.with_name(f"{path.name}{SUFFIX}")
        with _quiet() as config:
            run("cosign", "sign-blob", "--yes", *config, "--key", str(self.key), "--bundle", str(bundle), str(path))
        return bundle

    @property
    def _local(self) -> list[str]:
        return LOCAL if self.plain else []


@dataclass(frozen=True)
class Verifier:
    """``key`` is the public one's file, cosign.pub."""

    key: Path
    plain: bool = False

    def verify(self, part: Part) -> None:
        """TradectlError for an image or a chart that was not signed with the key."""
        local = LOCAL if self.plain else []
        self._run(part.address, "verify", *local, part.address)

    def verify_file(self, path: Path) -> None:
        """TradectlError for a file that is not as it was signed, or was not."""
        bundle = path.with_name(f"{path.name}{SUFFIX}")
        if not bundle.exists():
            raise _refused(str(path), "it has no signature")
        self._run(str(path), "verify-blob", "--bundle", str(bundle), str(path))

    def attested(self, part: Part, kind: str) -> list[dict[str, object]]:
        """The statements of a kind that were signed with the key."""
        local = LOCAL if self.plain else []
        said = self._run(part.address, "verify-attestation", "--type", kind, *local, part.address)
        return [json.loads(line) for line in said.splitlines() if line.startswith("{")]

    def _run(self, what: str, verb: str, *arguments: str) -> str:
        try:
            return run("cosign", verb, "--key", str(self.key), "--insecure-ignore-tlog", *arguments)
        except TradectlError as error:
            if error.exit_code is ExitCode.NOT_FOUND:
                raise
            raise _refused(what, error.message) from error


def make_keys(folder: Path) -> tuple[Path, Path]:
    """A new pair in a folder: cosign.key, sealed with the password in COSIGN_PASSWORD, and cosign.pub."""
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    run("cosign", "generate-key-pair", folder=folder)
    return folder / "cosign.key", folder / "cosign.pub"


def _refused(what: str, why: str) -> TradectlError:
    return TradectlError(f"{what} was not signed with the platform's key: {why}", "", ExitCode.CHECK_FAILED)


@contextmanager
def _quiet() -> Iterator[list[str]]:
    """The options by which cosign tells none of its public services."""
    with TemporaryDirectory() as folder:
        config = Path(folder) / "signing.json"
        run("cosign", "signing-config", "create", "--out", str(config))
        yield ["--signing-config", str(config)]
