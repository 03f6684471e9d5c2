from tradectl.deploy.difference import shown


def test_what_server_and_controllers_write_is_no_difference() -> None:
    plain = {"kind": "ConfigMap", "metadata": {"name": "a"}, "data": {"x": "1"}}
    written = {
        **plain,
        "metadata": {
            "name": "a",
            "uid": "u",
            "resourceVersion": "7",
            "annotations": {"argocd.argoproj.io/tracking-id": "platform-dev:/ConfigMap:dev/a"},
        },
        "status": {"x": 1},
    }
    assert shown(written) == shown(plain)


def test_a_secret_shows_that_it_changed_and_not_what_it_is() -> None:
    one, other = (
        shown({"kind": "Secret", "metadata": {"name": "s"}, "data": {"key": key}}) for key in ("YQ==", "Yg==")
    )
    assert one != other
    assert "YQ==" not in one
    assert "hidden" in one
