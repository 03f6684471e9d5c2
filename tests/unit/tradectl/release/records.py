"""Releases for tests."""

from tradectl.release.environments import IMAGES
from tradectl.release.record import Migration, Part, Release

DIGEST = f"sha256:{'a' * 64}"


def release(version: str, *migrations: Migration) -> Release:
    """A release of this version; its chart's digest is its own."""
    own = f"sha256:{version.encode().hex():0<64}"
    return Release(
        version=version,
        commit="c" * 40,
        built="2026-11-30T12:00:00Z",
        images={
            name: Part(repository=f"registry.example/{name}", digest=DIGEST)
            for kinds in IMAGES.values()
            for name in kinds
        },
        charts={name: Part(repository=f"registry.example/charts/{name}", digest=own) for name in ("tradectl", "data")},
        migrations=list(migrations),
    )
