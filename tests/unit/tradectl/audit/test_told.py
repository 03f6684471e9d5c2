"""What an audit in a container reads."""

from pathlib import Path

from tradectl.audit.told import told


def test_the_environment_names_the_parts_and_the_secrets_that_open_them(tmp_path: Path) -> None:
    (tmp_path / "key").write_text("k\n", encoding="ascii")
    (tmp_path / "provider_key").write_text("p", encoding="ascii")
    found = told(
        {
            "TRADECTL_SECRETS": str(tmp_path),
            "TRADECTL_URLS": '{"orders.http": "http://orders.in:8000"}',
            "TRADECTL_KEY": "<key>",
            "TRADECTL_OPTIONS": '{"provider_key": "<provider_key>"}',
        }
    )
    assert found is not None
    assert (found.endpoints, found.key, found.provider_key) == ({"orders.http": "http://orders.in:8000"}, "k", "p")


def test_without_it_a_sandbox_is_asked() -> None:
    assert told({}) is None
