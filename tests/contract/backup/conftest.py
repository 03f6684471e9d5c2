"""A store of each kind. A further kind is a further name here and a way to open it."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.buckets import Gateway, gateway
from tradectl.backup.store import Store, store_at


@pytest.fixture(scope="module")
def s3(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Gateway]:
    with gateway(tmp_path_factory.mktemp("s3")) as running:
        yield running


@pytest.fixture(params=["folder", "s3", "s3 with locks"])
def store(request: pytest.FixtureRequest, tmp_path: Path) -> Store:
    if request.param == "folder":
        return store_at(str(tmp_path / "store"))
    served: Gateway = request.getfixturevalue("s3")
    return store_at(served.bucket(locks=request.param != "s3"))
