"""Column types that mean the same on SQLite and MySQL."""

from typing import Any

from sqlalchemy import BigInteger, Integer, LargeBinary, String
from sqlalchemy.ext.compiler import compiles


class Key(String):
    """An identifier: compared byte by byte, as SQLite does unasked and MySQL when told; no padding."""

    inherit_cache = True


@compiles(Key, "mysql")
def _binary_collation(type_: Key, compiler: Any, **options: Any) -> str:
    return f"{compiler.visit_string(type_, **options)} COLLATE utf8mb4_0900_bin"


class Document(LargeBinary):
    """Bytes of JSON, up to 16 MB."""

    inherit_cache = True


@compiles(Document, "mysql")
def _medium(_: Document, __: Any, **___: Any) -> str:
    return "MEDIUMBLOB"


ID = Key(26)
"""A ULID of contracts.ids."""
ROW = BigInteger().with_variant(Integer(), "sqlite")
"""A number that the database gives; SQLite counts only INTEGER by itself."""
AMOUNT = BigInteger()
"""An integer at a scale."""
TIME = BigInteger()
"""Microseconds since 1970 UTC."""
