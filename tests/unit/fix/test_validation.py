import pytest

from services.fix import compile_dictionary
from services.fix.codec import decode, encode
from services.fix.dictionary import fix44
from services.fix.rejection import SessionReject
from services.fix.rejection import SessionRejectReason as R
from services.fix.validation import validate

HEADER = [(34, "2"), (49, "TW44"), (52, "20240808-07:10:00.123"), (56, "ISLD")]
ORDER = [(11, "A"), (21, "1"), (55, "AAPL"), (54, "1"), (60, "20240808-07:10:00"), (40, "2"), (44, "187.25")]
TEST_REQUEST = [(112, "x")]


def verdict(msg_type: str, *fields: tuple[int, str]) -> SessionReject | None:
    return validate(decode(encode([(35, msg_type), *fields])))


def order(*fields: tuple[int, str]) -> SessionReject | None:
    return verdict("D", *HEADER, *ORDER, *fields)


def test_the_compiled_dictionary_is_that_of_the_xml() -> None:
    source = (compile_dictionary.DATA / "FIX44.xml").read_text()
    assert (compile_dictionary.DATA / "fix44.json").read_text() == compile_dictionary.compile_dictionary(source)


def test_the_licence_of_the_dictionary_lies_beside_it() -> None:
    assert "QuickFIX Software License" in (compile_dictionary.DATA / "LICENSE-quickfix").read_text()


def test_every_message_type_can_be_laid_out() -> None:
    dictionary = fix44()
    types = dictionary.types[35].values
    assert len(types) == 93
    layouts = {name: dictionary.layout(name.decode()) for name in types}
    known = [layout for layout in layouts.values() if layout]
    assert len(known) >= 92
    assert all(set(layout.order) <= set(dictionary.types) for layout in known)


def test_a_complete_order_is_accepted() -> None:
    assert order((38, "100.5"), (15, "USDT")) is None


@pytest.mark.parametrize("tag", [999, 0, -1, 5000])
def test_a_tag_that_the_standard_does_not_know(tag: int) -> None:
    assert order((tag, "HI")) == (R.INVALID_TAG_NUMBER, tag)


def test_a_required_tag_missing_in_the_header() -> None:
    assert verdict("1", *HEADER[:-1], *TEST_REQUEST) == (R.REQUIRED_TAG_MISSING, 56)


def test_a_required_tag_missing_in_the_body() -> None:
    assert verdict("D", *HEADER, *ORDER[1:]) == (R.REQUIRED_TAG_MISSING, 11)


def test_a_tag_that_another_message_type_has() -> None:
    assert verdict("1", *HEADER, *TEST_REQUEST, (55, "MSFT")) == (R.TAG_NOT_DEFINED_FOR_MSG_TYPE, 55)


def test_a_tag_without_a_value() -> None:
    assert order((58, "")) == (R.TAG_WITHOUT_VALUE, 58)


@pytest.mark.parametrize(("tag", "value"), [(59, "8"), (167, "BOO"), (18, "1 2 !")])
def test_a_value_that_the_standard_does_not_list(tag: int, value: str) -> None:
    assert order((tag, value)) == (R.VALUE_INCORRECT, tag)


def test_several_values_where_the_standard_allows_them() -> None:
    assert order((18, "1 2 G")) is None


@pytest.mark.parametrize(
    ("tag", "value"),
    [
        (38, "+200.00"),
        (38, "1e3"),
        (38, "."),
        (38, "1,000"),
        (99, "NaN"),
        (126, "20040415"),
        (126, "20041315-07:00:00"),
        (126, "20040415-24:00:00"),
        (126, "20040415-07:00:00.1"),
        (64, "2024-08-08"),
        (200, "202413"),
        (114, "yes"),
        (480, "MM"),
        (152, "1 0"),
        (223, "4.5%"),
    ],
)
def test_a_value_in_a_form_its_type_does_not_have(tag: int, value: str) -> None:
    assert order((tag, value)) == (R.INCORRECT_DATA_FORMAT, tag)


@pytest.mark.parametrize(("tag", "value"), [(376, "Größe = 5"), (461, "ES"), (15, "USDT"), (58, " ")])
def test_text_may_be_any_text(tag: int, value: str) -> None:
    assert order((tag, value)) is None


@pytest.mark.parametrize("value", ["002000.00", "-5", "5.", ".5", "0"])
def test_a_number_may_have_any_decimal_form(value: str) -> None:
    assert order((38, value)) is None


def test_a_header_field_behind_the_body() -> None:
    assert verdict("1", *HEADER[:-1], *TEST_REQUEST, HEADER[-1]) == (R.TAG_OUT_OF_REQUIRED_ORDER, 56)


def test_a_body_field_behind_the_trailer() -> None:
    assert verdict("1", *HEADER, *TEST_REQUEST, (93, "1"), (89, "x"), (112, "y")) == (R.TAG_OUT_OF_REQUIRED_ORDER, 112)


def test_a_tag_repeated_outside_a_group() -> None:
    assert order((40, "1")) == (R.TAG_APPEARS_MORE_THAN_ONCE, 40)


def test_an_unknown_message_type() -> None:
    assert verdict("*", *HEADER) == (R.INVALID_MSG_TYPE, None)


SESSIONS = [(386, "2"), (336, "PRE"), (625, "a"), (336, "DAY")]
PARTIES = [(453, "2"), (448, "A"), (447, "D"), (452, "1"), (802, "1"), (523, "s"), (803, "1"), (448, "B")]


@pytest.mark.parametrize("group", [SESSIONS, PARTIES, [(386, "0")], [*PARTIES, *SESSIONS]])
def test_groups_with_as_many_instances_as_they_say(group: list[tuple[int, str]]) -> None:
    assert order(*group, (58, "x")) is None


@pytest.mark.parametrize(
    ("group", "counter"),
    [
        ([(386, "3"), *SESSIONS[1:]], 386),
        ([(386, "1"), *SESSIONS[1:]], 386),
        ([(386, "1"), (625, "a"), (336, "PRE")], 386),
        ([(386, "2")], 386),
        ([(453, "1"), (448, "A"), (802, "2"), (523, "s"), (803, "1")], 802),
    ],
)
def test_groups_with_more_or_fewer_instances_than_they_say(group: list[tuple[int, str]], counter: int) -> None:
    assert order(*group) == (R.INCORRECT_NUM_IN_GROUP, counter)


def test_group_fields_out_of_order() -> None:
    assert order((453, "1"), (448, "A"), (452, "1"), (447, "D")) == (R.GROUP_FIELDS_OUT_OF_ORDER, 447)


def test_a_tag_repeated_within_an_instance() -> None:
    assert order((453, "1"), (448, "A"), (447, "D"), (447, "D")) == (R.TAG_APPEARS_MORE_THAN_ONCE, 447)


def test_a_bad_value_within_a_group() -> None:
    assert order((453, "1"), (448, "A"), (447, "~")) == (R.VALUE_INCORRECT, 447)


def test_a_required_tag_missing_in_an_instance() -> None:
    header_and_list = [*HEADER, (66, "L"), (394, "1"), (68, "1"), (73, "1"), (11, "A")]
    assert verdict("E", *header_and_list) == (R.REQUIRED_TAG_MISSING, 67)


def test_every_reason_has_a_text() -> None:
    assert all(SessionReject(reason).text for reason in R)
