"""The database: SQLite or PostgreSQL, its tables, and one repository for each thing kept."""

from transcriber.storage.database import upload_tables as _upload_tables

__all__: list[str] = []
_TABLES = (_upload_tables,)  # whoever works with the metadata finds all tables in it
