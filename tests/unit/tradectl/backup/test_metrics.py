"""tradectl.backup.metrics"""

from hypothesis import given
from hypothesis import strategies as st
from prometheus_client.parser import text_string_to_metric_families

from tradectl.backup.metrics import METRICS, page, parsed

values = st.dictionaries(st.sampled_from(sorted(METRICS)), st.floats(allow_nan=False, allow_infinity=False))


@given(values)
def test_prometheus_reads_what_is_written(told: dict[str, float]) -> None:
    families = list(text_string_to_metric_families(page("default", told)))
    found = {sample.name: sample.value for family in families for sample in family.samples}

    assert found == told
    assert all(sample.labels == {"sandbox": "default"} for family in families for sample in family.samples)


@given(values)
def test_a_page_is_read_back_as_it_was_written(told: dict[str, float]) -> None:
    assert parsed(page("default", told)) == told
