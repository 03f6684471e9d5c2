"""Evidence in a real repository, signed by cosign."""

from pathlib import Path

import msgspec
import pytest

from tests.integration.tradectl.release import repositories
from tests.unit.tradectl.release.records import release
from tradectl.errors import ExitCode, TradectlError
from tradectl.release.environments import Environments
from tradectl.release.evidence import Evidence, Kind
from tradectl.release.signing import SUFFIX, Signer

SEEN = Evidence(kind=Kind.SCANS, release="1.0.0", ok=True, at="2026-11-30T13:00:00Z", said="5 scans, 0 findings")


@pytest.fixture
def signer(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Signer:
    repositories.need_cosign(monkeypatch)
    return Signer(repositories.keys(tmp_path / "keys")[0])


@pytest.fixture
def environments(tmp_path: Path, signer: Signer) -> Environments:
    found = repositories.environments(tmp_path)
    found.keep_key(signer.key.with_name("cosign.pub"))
    found.keep(release("1.0.0"))
    return found


def refused(environments: Environments) -> str:
    with pytest.raises(TradectlError) as error:
        environments.evidence("1.0.0")
    assert error.value.exit_code is ExitCode.CHECK_FAILED
    return error.value.message


def test_what_was_seen_is_found_by_whoever_asks(environments: Environments, signer: Signer) -> None:
    assert environments.evidence("1.0.0") == []
    environments.witness(SEEN, signer)
    assert environments.evidence("1.0.0") == [SEEN]
    assert environments.repository.changes() == []
    said = environments.repository.run("log", "-1", "--format=%s")
    assert said == "evidence: 1.0.0 scans-20261130T130000Z"


def test_what_was_changed_since_is_refused(environments: Environments, signer: Signer) -> None:
    path = environments.witness(SEEN, signer)
    path.write_bytes(path.read_bytes().replace(b"0 findings", b"1 findings"))
    assert "was not signed with the platform's key" in refused(environments)


def test_what_nobody_has_signed_is_refused(environments: Environments, signer: Signer) -> None:
    path = environments.witness(SEEN, signer)
    path.with_name(f"{path.name}{SUFFIX}").unlink()
    assert "it has no signature" in refused(environments)


def test_what_another_has_signed_is_refused(environments: Environments, tmp_path: Path) -> None:
    private, _ = repositories.keys(tmp_path / "others")
    environments.witness(SEEN, Signer(private))
    assert "was not signed with the platform's key" in refused(environments)


def test_that_of_a_release_which_is_not_there_is_refused(environments: Environments, signer: Signer) -> None:
    with pytest.raises(TradectlError, match=r"there is no release 2\.0\.0"):
        environments.witness(Evidence(kind=Kind.SCANS, release="2.0.0", ok=True, at=SEEN.at, said=""), signer)


def test_another_key_does_not_take_the_place_of_the_one_that_is_there(
    environments: Environments, signer: Signer, tmp_path: Path
) -> None:
    environments.keep_key(signer.key.with_name("cosign.pub"))
    _, other = repositories.keys(tmp_path / "others")
    with pytest.raises(TradectlError, match=r"cosign\.pub is there already"):
        environments.keep_key(other)


def test_files_are_kept_beside_a_record_only_as_it_names_them(environments: Environments, tmp_path: Path) -> None:
    draft = tmp_path / "draft"
    draft.mkdir()
    (draft / "sbom.cdx.json").write_text("{}", encoding="utf-8")
    bad = msgspec.structs.replace(release("1.1.0"), files={"sbom.cdx.json": "0" * 64})
    with pytest.raises(TradectlError, match=r"sbom\.cdx\.json is not the one that 1\.1\.0 names"):
        environments.keep(bad, draft)
    good = "44136fa355b3678a1146ad16f7e8649e94fb4fc21fe77e8310c060f61caaff8a"
    environments.keep(msgspec.structs.replace(bad, files={"sbom.cdx.json": good}), draft)
    assert (environments.record("1.1.0").parent / "sbom.cdx.json").read_text() == "{}"
