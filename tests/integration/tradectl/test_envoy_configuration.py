"""The real Envoy takes what is rendered, in each kind of place, without a warning."""

from dataclasses import replace
from pathlib import Path

import pytest

from tests.envoys import need
from tradectl.certs.folder import Folder
from tradectl.edge.envoy import CERTIFICATE, CONFIGURATION, files
from tradectl.edge.place import Address, Place
from tradectl.edge.program import validate
from tradectl.errors import TradectlError

EVERYWHERE = "0.0.0.0"


@pytest.fixture
def certificates(tmp_path: Path) -> Folder:
    need()
    made = Folder(tmp_path / "certs", "test")
    made.make()
    return made


def place(kind: str, certificates: Folder, folder: Path) -> Place:
    """A sandbox's, compose's, and the cluster's."""
    sandbox = Place(
        bffs=[Address("127.0.0.1", 18000)],
        certificate=str(certificates.server),
        key=str(certificates.server_key),
        secret=str(folder / CERTIFICATE),
    )
    if kind == "sandbox":
        return sandbox
    outside = replace(sandbox, listen=Address(EVERYWHERE, 8443), metrics=Address(EVERYWHERE, 9902))
    if kind == "compose":
        bffs, doors = [Address("bff", 8000), Address("bff-2", 8000)], [Address("bff", 8001), Address("bff-2", 8001)]
        return replace(outside, bffs=bffs, grpc=doors, otlp=Address("jaeger", 4317))
    return replace(outside, bffs=[Address("bff.trading.svc", 8000)], grpc=[Address("bff.trading.svc", 8001)])


@pytest.mark.parametrize("kind", ["sandbox", "compose", "kubernetes"])
def test_it_is_taken_without_a_warning(kind: str, certificates: Folder, tmp_path: Path) -> None:
    for name, text in files(place(kind, certificates, tmp_path)).items():
        (tmp_path / name).write_text(text, encoding="utf-8")
    validate(tmp_path / CONFIGURATION)


@pytest.mark.parametrize(("right", "wrong"), [("codec_type: AUTO", "codec_type: NONE"), ("cluster: bff", "cluster: b")])
def test_what_is_wrong_is_told_in_envoys_words(right: str, wrong: str, certificates: Folder, tmp_path: Path) -> None:
    for name, text in files(place("sandbox", certificates, tmp_path)).items():
        (tmp_path / name).write_text(text.replace(right, wrong), encoding="utf-8")
    with pytest.raises(TradectlError, match=r"envoy\.yaml"):
        validate(tmp_path / CONFIGURATION)
