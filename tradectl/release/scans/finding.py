"""What a scan finds."""

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum

import msgspec


class Scan(StrEnum):
    """What is looked at, and by which program."""

    CODE = "code"
    """bandit"""
    DEPENDENCIES = "dependencies"
    """pip-audit"""
    SECRETS = "secrets"
    """detect-secrets"""
    DOCKERFILES = "dockerfiles"
    """hadolint"""
    CHARTS = "charts"
    """kubeconform or kubernetes-validate, and Pod Security *restricted*"""


class Severity(StrEnum):
    LOW = "low"
    MEDIUM = "medium"
    HIGH = "high"
    CRITICAL = "critical"


class Finding(msgspec.Struct, frozen=True, kw_only=True):
    """``subject`` is what it is about, such as the line itself: with it a finding stays the same when lines move."""

    scan: Scan
    rule: str
    path: str
    line: int = 1
    severity: Severity
    said: str
    subject: str

    @property
    def mark(self) -> str:
        """By which it is accepted."""
        whole = f"{self.scan}\0{self.rule}\0{self.path}\0{self.subject}"
        return hashlib.sha256(whole.encode()).hexdigest()[:12]


@dataclass(frozen=True)
class Scanned:
    """What one scan found, and what it could not look at, in words."""

    findings: Sequence[Finding]
    notes: Sequence[str] = ()
