"""The database: SQLite or PostgreSQL, its tables, and one repository for each thing kept."""
