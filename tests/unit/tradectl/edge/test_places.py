"""Places that are known beforehand."""

from tradectl.edge.place import Address
from tradectl.edge.places import BFFS, contained
from tradectl.render.compose.files import FOLDER
from tradectl.render.compose.links import SCALE, containers, own
from tradectl.render.wiring import HTTP


def test_composes_envoy_stands_before_both_bffs_by_the_names_that_they_listen_at() -> None:
    place = contained()
    assert tuple(own(container) for container in containers("bff", SCALE)) == BFFS
    assert list(place.bffs) == [Address(host, HTTP) for host in BFFS]
    assert place.otlp == Address("jaeger", 4317)


def test_another_place_has_nothing_that_was_not_named() -> None:
    place = contained(bffs=[Address("bff.trading.svc", 8000)])
    assert (place.grpc, place.otlp) == ((), None)


def test_what_lies_in_compose_is_current() -> None:
    from tradectl.edge.envoy import files

    kept = {name: (FOLDER / "envoy" / name).read_text("utf-8") for name in files(contained())}
    assert kept == dict(files(contained())), "`tradectl topology render envoy` writes it anew"
