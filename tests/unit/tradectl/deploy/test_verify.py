from tests.unit.tradectl.release.records import DIGEST, release
from tradectl.deploy.verify import of_pods


def test_a_pod_with_an_image_that_was_not_released_is_told() -> None:
    pods = [
        {"metadata": {"name": name}, "spec": {"containers": [{"image": image}]}}
        for name, image in (("good", f"registry.example/platform@{DIGEST}"), ("odd", "busybox:latest"))
    ]
    good, odd = of_pods(release("1.0.0"), pods)
    assert (good.why, odd.why) == ("", "busybox:latest is not of this release")
