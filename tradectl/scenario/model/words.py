"""What every part of a scenario file is made of."""

from typing import Annotated, Any

from pydantic import AfterValidator, BaseModel, BeforeValidator, ConfigDict, Field, WithJsonSchema

TEMPLATE = "${"


class Part(BaseModel):
    """Nothing unknown, nothing converted, nothing changed."""

    model_config = ConfigDict(extra="forbid", frozen=True, strict=True, populate_by_name=True)


def as_text(value: object) -> object:
    """A number as it stands in the file."""
    return str(value) if isinstance(value, int) and not isinstance(value, bool) else value


def as_number(value: object) -> object:
    """A number, whose digits were kept until here."""
    if isinstance(value, int) and not isinstance(value, bool):
        return float(value)
    if isinstance(value, str):
        try:
            return float(value)
        except ValueError:
            return value
    return value


def one_of(*words: str) -> Any:
    """One of these words, or a template that makes one."""

    def check(value: str) -> str:
        if TEMPLATE not in value and value not in words:
            raise ValueError(f"{value!r} is not one of {', '.join(words)}")
        return value

    schema = {"anyOf": [{"enum": list(words)}, {"type": "string", "pattern": r"\$\{.*\}"}]}
    return Annotated[str, AfterValidator(check), WithJsonSchema(schema)]


Amount = Annotated[str, BeforeValidator(as_text), WithJsonSchema({"type": ["string", "number"]})]
"""A decimal; a number in the file keeps its digits."""
Number = Annotated[float, BeforeValidator(as_number), WithJsonSchema({"type": "number"})]
Checks = Annotated[dict[str, Any], Field(description="JMESPath: what must be found there")]
Who = Annotated[str | None, Field(description="which actor; the first one without")]
Code = Annotated[str | None, Field(description="the code of the refusal that must come")]
