"""A folder with an authority and a server's certificate, made when it is missing and renewed before it runs out.

Keys are their owner's alone (0600, in a folder of 0700); what is public may be read by all.
"""

import os
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path

from cryptography import x509
from cryptography.hazmat.primitives.asymmetric.ec import EllipticCurvePrivateKey
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat, load_pem_private_key

from tradectl.certs.authority import LOOPBACK, hosts_of, make_authority, make_server, new_key, permits
from tradectl.errors import ExitCode, TradectlError
from tradectl.stack.state import Sandbox

RENEW_WITHIN = timedelta(days=30)
"""Before its end: `make` then signs another."""
PUBLIC, PRIVATE, SHARED = 0o644, 0o600, 0o644
"""``SHARED`` is a key that a container's user reads, who is not its owner: the folder keeps all others of this machine
out, and a mounted file is reached without it."""
OTHER_AUTHORITY = "`tradectl certs renew --authority --host NAME` makes another, which clients must trust anew"


@dataclass(frozen=True)
class Certificate:
    """One of the two, as it is shown."""

    kind: str
    file: Path
    subject: str
    hosts: tuple[str, ...]
    not_after: datetime
    fingerprint: str
    """SHA-256 of the certificate, in hexadecimal."""

    def days_left(self, now: datetime) -> int:
        """Whole days; negative when it has run out."""
        return (self.not_after - now).days


@dataclass(frozen=True)
class Folder:
    """``path`` need not be there yet."""

    path: Path
    name: str

    @property
    def authority(self) -> Path:
        return self.path / "authority.pem"

    @property
    def authority_key(self) -> Path:
        return self.path / "authority.key"

    @property
    def server(self) -> Path:
        """The server's certificate."""
        return self.path / "server.pem"

    @property
    def server_key(self) -> Path:
        return self.path / "server.key"

    @property
    def exists(self) -> bool:
        return self.authority.exists() and self.server.exists()

    def make(self, hosts: Sequence[str] = (), *, shared: bool = False, now: datetime | None = None) -> bool:
        """What is missing, soon over or for other hosts, made anew; whether anything was."""
        moment = now or datetime.now(UTC)
        if not self.authority.exists():
            return self.renew(hosts, authority=True, shared=shared, now=moment)
        wanted = set(LOOPBACK).union(hosts)
        kept = _read(self.server) if self.server.exists() and self.server_key.exists() else None
        if kept and kept.not_valid_after_utc - moment > RENEW_WITHIN and wanted <= set(hosts_of(kept)):
            self._permit(shared=shared)
            return False
        return self.renew([*(hosts_of(kept) if kept else ()), *hosts], shared=shared, now=moment)

    def renew(
        self, hosts: Sequence[str] = (), *, authority: bool = False, shared: bool = False, now: datetime | None = None
    ) -> bool:
        """Another certificate for the server, by another authority if that is asked for."""
        moment, named = now or datetime.now(UTC), tuple(dict.fromkeys(hosts))
        try:
            self.path.mkdir(mode=0o700, parents=True, exist_ok=True)
            if authority:
                key = new_key()
                made = make_authority(key, self.name, named, moment)
                _write(self.authority_key, _pem(key), PRIVATE)
                _write(self.authority, made.public_bytes(Encoding.PEM), PUBLIC)
            self._sign(named, SHARED if shared else PRIVATE, moment)
        except OSError as error:
            hint = "give a folder that you may write: tradectl certs make --folder FOLDER"
            raise TradectlError(f"{self.path}: {error.strerror}", hint, ExitCode.STATE_UNUSABLE) from error
        return True

    def shown(self) -> tuple[Certificate, Certificate]:
        """Authority and server; TradectlError when they were never made."""
        if not self.exists:
            hint = "`tradectl certs make` makes them"
            raise TradectlError(f"{self.path} holds no certificates", hint, ExitCode.NOT_FOUND)
        return _shown("authority", self.authority), _shown("server", self.server)

    def _sign(self, hosts: Sequence[str], mode: int, now: datetime) -> None:
        authority, signing, key = _read(self.authority), _key(self.authority_key), new_key()
        for host in hosts:
            if not permits(authority, host):
                raise TradectlError(f"the authority may not speak for {host}", OTHER_AUTHORITY, ExitCode.CONFLICT)
        made = make_server(key, hosts, authority, signing, now)
        _write(self.server_key, _pem(key), mode)
        _write(self.server, made.public_bytes(Encoding.PEM), PUBLIC)

    def _permit(self, *, shared: bool) -> None:
        if shared:
            self.server_key.chmod(SHARED)


def of_sandbox(sandbox: Sandbox) -> Folder:
    """A sandbox's own."""
    return Folder(sandbox.root / "certs", sandbox.name)


def _read(file: Path) -> x509.Certificate:
    try:
        return x509.load_pem_x509_certificate(file.read_bytes())
    except ValueError as error:
        raise _broken(file, "certificate") from error


def _key(file: Path) -> EllipticCurvePrivateKey:
    try:
        key = load_pem_private_key(file.read_bytes(), password=None)
    except ValueError as error:
        raise _broken(file, "key") from error
    if not isinstance(key, EllipticCurvePrivateKey):
        raise _broken(file, "key of ours")
    return key


def _broken(file: Path, kind: str) -> TradectlError:
    hint = "`tradectl certs renew --authority` makes all of them anew"
    return TradectlError(f"{file} holds no {kind}", hint, ExitCode.BAD_INPUT)


def _write(file: Path, content: bytes, mode: int) -> None:
    """At once and whole, and never readable for longer than its mode says."""
    draft = file.with_name(f".{file.name}.new")
    draft.unlink(missing_ok=True)
    descriptor = os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL, PRIVATE)
    with os.fdopen(descriptor, "wb") as opened:
        os.fchmod(descriptor, mode)
        opened.write(content)
    draft.replace(file)


def _pem(key: EllipticCurvePrivateKey) -> bytes:
    return key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption())


def _shown(kind: str, file: Path) -> Certificate:
    read = _read(file)
    hosts = hosts_of(read) if kind == "server" else ()
    fingerprint = read.fingerprint(SHA256()).hex()
    return Certificate(kind, file, read.subject.rfc4514_string(), hosts, read.not_valid_after_utc, fingerprint)
