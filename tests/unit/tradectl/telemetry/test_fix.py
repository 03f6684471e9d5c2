"""FIX messages of one order among all that a side has sent."""

from services.contracts.times import from_rfc3339
from tradectl.telemetry.fix import messages, moment_of

ORDER = "01m8"


def item(text: str) -> dict[str, str]:
    return {"session": "ORDERS", "text": f"8=FIX.4.4|{text}"}


NEW = item(f"35=D|34=3|52=20240808-07:10:00.501|11={ORDER}-1|55=AAPL|38=20|44=745.09")
FILL = item(f"35=8|34=6|52=20240808-07:10:00.579|17=E4|150=F|11={ORDER}-1|38=10|32=10|31=618.63|151=0")
CANCEL = item(f"35=F|34=7|52=20240808-07:10:01|11={ORDER}-2|41={ORDER}-1")
OTHER = item("35=D|34=4|52=20240808-07:10:00.575|11=01m9-1")
HEARTBEAT = item("35=0|34=5|52=20240808-07:10:00.576")


def test_only_messages_about_the_order_are_told_by_the_time_at_which_they_were_sent() -> None:
    found = list(messages("orders", [NEW, OTHER, HEARTBEAT, CANCEL], ORDER))
    assert [span.name for span in found] == ["FIX NewOrderSingle", "FIX OrderCancelRequest"]
    assert found[0].began == found[0].ended == from_rfc3339("2024-08-08T07:10:00.501Z")


def test_a_report_says_what_it_is_about_and_its_terms_by_words() -> None:
    (span,) = messages("broker", [FILL], ORDER)
    assert span.name == "FIX ExecutionReport, trade"
    assert span.fields["order_id"] == ORDER
    assert {name: span.fields[name] for name in ("filled", "at", "left")} == {
        "filled": "10",
        "at": "618.63",
        "left": "0",
    }


def test_an_order_whose_id_begins_as_another_is_another() -> None:
    assert list(messages("orders", [NEW], ORDER[:-1])) == []


def test_what_is_no_message_is_left_out() -> None:
    assert list(messages("orders", [{}, {"text": "nothing"}], ORDER)) == []


def test_a_time_has_milliseconds_microseconds_or_neither() -> None:
    whole = from_rfc3339("2024-08-08T07:10:00Z")
    moments = [moment_of(f"20240808-07:10:00{fraction}") for fraction in ("", ".501", ".501002")]
    assert moments == [whole, whole + 501_000, whole + 501_002]
