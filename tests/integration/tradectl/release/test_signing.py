"""Signatures by cosign itself, where it is here."""

import shutil
from pathlib import Path

import pytest

from tests.charts import LAB
from tradectl.errors import ExitCode, TradectlError
from tradectl.release.signing import Signer, Verifier, make_keys


@pytest.fixture(autouse=True)
def _cosign(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PATH", LAB, prepend=":")
    monkeypatch.setenv("COSIGN_PASSWORD", "open sesame")
    if shutil.which("cosign") is None:
        pytest.skip("cosign is not here: ../shared/lab/tools cosign")


@pytest.fixture
def record(tmp_path: Path) -> Path:
    path = tmp_path / "release.json"
    path.write_text('{"version": "1.0.0"}\n', encoding="utf-8")
    return path


def test_a_file_that_was_signed_is_verified_by_the_other_key_of_the_pair(tmp_path: Path, record: Path) -> None:
    private, public = make_keys(tmp_path / "keys")
    Signer(private).sign_file(record)
    Verifier(public).verify_file(record)


def test_what_was_changed_since_is_refused(tmp_path: Path, record: Path) -> None:
    private, public = make_keys(tmp_path / "keys")
    Signer(private).sign_file(record)
    record.write_text('{"version": "1.0.1"}\n', encoding="utf-8")
    with pytest.raises(TradectlError, match="was not signed with the platform's key") as refused:
        Verifier(public).verify_file(record)
    assert refused.value.exit_code is ExitCode.CHECK_FAILED


def test_what_another_has_signed_is_refused(tmp_path: Path, record: Path) -> None:
    private, _ = make_keys(tmp_path / "keys")
    _, public = make_keys(tmp_path / "others")
    Signer(private).sign_file(record)
    with pytest.raises(TradectlError, match="was not signed with the platform's key"):
        Verifier(public).verify_file(record)


def test_what_nobody_has_signed_is_refused(tmp_path: Path, record: Path) -> None:
    _, public = make_keys(tmp_path / "keys")
    with pytest.raises(TradectlError, match="it has no signature"):
        Verifier(public).verify_file(record)
