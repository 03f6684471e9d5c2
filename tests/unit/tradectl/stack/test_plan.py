"""Plans, compared as they are printed."""

from tests.unit.tradectl.stack.manifests import chain
from tradectl.stack.plan import NOTHING, Observed, plan


def test_from_nothing_the_supervisor_comes_first_and_each_part_after_its_needs() -> None:
    assert str(plan(chain(), NOTHING)) == (
        "start supervisor\nstart a after supervisor\nstart b after a\nstart c after b"
    )


def test_when_everything_is_ready_there_is_nothing_to_do() -> None:
    done = plan(chain(), Observed(supervisor=True, parts={"a": "ready", "b": "ready", "c": "ready"}))
    assert not done
    assert str(done) == "nothing to do"


def test_what_is_on_its_way_is_waited_for() -> None:
    observed = Observed(supervisor=True, parts={"a": "ready", "b": "starting", "c": "degraded"})
    assert str(plan(chain(), observed)) == "await b\nawait c"


def test_only_what_is_absent_is_started() -> None:
    observed = Observed(supervisor=True, parts={"a": "ready", "b": "ready"})
    assert str(plan(chain(), observed)) == "start c"


def test_parts_without_a_supervisor_are_absent_whatever_a_file_says() -> None:
    assert plan(chain(), Observed(parts={"a": "ready"})) == plan(chain(), NOTHING)


def test_a_plan_is_the_same_each_time() -> None:
    assert plan(chain(), NOTHING) == plan(chain(), NOTHING)
