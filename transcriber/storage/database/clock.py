"""The time by which leases run out: the database's own, so that machines need not agree."""

from typing import Any

from sqlalchemy import BigInteger
from sqlalchemy.ext.compiler import compiles
from sqlalchemy.sql.functions import FunctionElement


class now_ms(FunctionElement[int]):  # noqa: N801 - written in statements like a function of SQL
    """UTC in milliseconds since 1970, at the moment when the statement runs.

    Not the start of the transaction: a claim that waited for a lock must not count from before.
    """

    type = BigInteger()
    inherit_cache = True


@compiles(now_ms, "sqlite")
def _sqlite(element: now_ms, compiler: Any, **options: Any) -> str:
    # 2440587.5 is 1970 in Julian days, which SQLite keeps to the millisecond. `unixepoch` with
    # fractions needs SQLite 3.42, and Debian 12 has 3.40.
    return "CAST(ROUND((julianday('now') - 2440587.5) * 86400000) AS INTEGER)"


@compiles(now_ms, "postgresql")
def _postgresql(element: now_ms, compiler: Any, **options: Any) -> str:
    return "CAST(EXTRACT(EPOCH FROM clock_timestamp()) * 1000 AS BIGINT)"
