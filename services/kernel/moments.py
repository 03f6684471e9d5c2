"""Times in a query: RFC 3339 outside, microseconds since 1970 UTC inside."""

from typing import Annotated

from fastapi import Query

from services.contracts.errors import DomainError
from services.contracts.times import from_rfc3339

PATTERN = r"^[0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9]{2}:[0-9]{2}:[0-9]{2}(\.[0-9]{1,6})?(Z|[+-][0-9]{2}:[0-9]{2})$"
Moment = Annotated[
    str | None,
    Query(
        pattern=PATTERN,
        json_schema_extra={"format": "date-time"},
        description="market time",
        examples=["2024-08-08T07:10:00Z"],
    ),
]


def moment_of(text: str, field: str) -> int:
    """The time; refused when there is no such day or hour."""
    try:
        return from_rfc3339(text)
    except (ValueError, OverflowError) as error:
        raise DomainError("invalid_time", 422, f"{field}: {error}", field=field) from error
