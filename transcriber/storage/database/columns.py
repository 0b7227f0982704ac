"""What the columns of all tables are made of, the same on SQLite and PostgreSQL.

Ids are 128 random bits in hexadecimal. Times are UTC in milliseconds since 1970. A `SealedType`
column holds text or names, encrypted; a `TagType` column finds them (transcriber/storage/keys).
All other columns hold ids, times, counts, states and codes, and nothing that a person said.
"""

from typing import Any

from sqlalchemy import (
    BigInteger,
    CheckConstraint,
    Column,
    Dialect,
    ForeignKey,
    Integer,
    LargeBinary,
    MetaData,
    String,
    TypeDecorator,
)

from transcriber.storage.keys.sealing import Sealed

METADATA = MetaData(
    naming_convention={
        "ix": "ix_%(table_name)s_%(column_0_N_name)s",
        "uq": "uq_%(table_name)s_%(column_0_N_name)s",
        "ck": "ck_%(table_name)s_%(constraint_name)s",
        "fk": "fk_%(table_name)s_%(column_0_name)s_%(referred_table_name)s",
        "pk": "pk_%(table_name)s",
    }
)

IdType = String(32)
CodeType = String(64)
TagType = LargeBinary(32)
MsType = BigInteger()


class SealedType(TypeDecorator[bytes]):
    """Takes what `seal` made and nothing else, so that no text gets in by mistake."""

    impl = LargeBinary
    cache_ok = True

    def process_bind_param(self, value: bytes | None, dialect: Dialect) -> bytes | None:
        """Refuse what is not sealed. Raises TypeError, which tells the type and not the value."""
        if value is not None and not isinstance(value, Sealed):
            raise TypeError(f"a sealed column was given {type(value).__name__}")
        return value


def row_id() -> Column[Any]:
    """Return the column of a row's own id."""
    return Column("id", IdType, primary_key=True)


def owner(table: str, nullable: bool = False, indexed: bool = True) -> Column[Any]:
    """Return a column that names a row of `table` and is gone when that is gone."""
    return Column(
        f"{table}_id",
        IdType,
        ForeignKey(f"{table}.id", ondelete="CASCADE"),
        nullable=nullable,
        index=indexed,
    )


def sealed(name: str, nullable: bool = False) -> Column[Any]:
    """Return a column of text or names, encrypted."""
    return Column(name, SealedType(), nullable=nullable)


def number(name: str, default: str | None = None, nullable: bool = False) -> Column[Any]:
    """Return a column of whole numbers."""
    return Column(name, Integer, nullable=nullable, server_default=default)


def at(name: str, nullable: bool = False) -> Column[Any]:
    """Return a column of a time."""
    return Column(name, MsType, nullable=nullable)


def one_of(column: str, *values: str) -> CheckConstraint:
    """Return the check that a column holds one of these values."""
    listed = ", ".join(f"'{value}'" for value in values)
    return CheckConstraint(f"{column} IN ({listed})", name=column)
