from tests.unit.tradectl.release.records import DIGEST, release
from tradectl.deploy.verify import of_cron_jobs, of_pods

OLD = {"image": f"registry.example/backup@sha256:{'b' * 64}"}


def test_a_pod_with_an_image_that_was_not_released_is_told() -> None:
    pods = [
        {"metadata": {"name": name}, "spec": {"containers": [{"image": image}]}}
        for name, image in (("good", f"registry.example/platform@{DIGEST}"), ("odd", "busybox:latest"))
    ]
    good, odd = of_pods(release("1.0.0"), pods)
    assert (good.why, odd.why) == ("", "busybox:latest is not of this release")


def test_a_pod_that_has_ended_may_be_of_the_release_before() -> None:
    ended = {"metadata": {"name": "backup-full-1"}, "status": {"phase": "Succeeded"}, "spec": {"containers": [OLD]}}
    assert list(of_pods(release("1.0.0"), [ended])) == []


def test_what_runs_before_a_pod_is_looked_at_too() -> None:
    spec = {"initContainers": [OLD], "containers": [{"image": f"registry.example/platform@{DIGEST}"}]}
    first, then = of_pods(release("1.0.0"), [{"metadata": {"name": "both"}, "spec": spec}])
    assert (bool(first.why), bool(then.why)) == (True, False)


def test_a_cron_job_that_has_no_pod_yet_is_looked_at() -> None:
    pod = {"spec": {"containers": [OLD]}}
    job = {"metadata": {"name": "backup-full"}, "spec": {"jobTemplate": {"spec": {"template": pod}}}}
    (found,) = of_cron_jobs(release("1.0.0"), [job])
    assert (found.what, found.why) == ("cron job backup-full", f"{OLD['image']} is not of this release")
