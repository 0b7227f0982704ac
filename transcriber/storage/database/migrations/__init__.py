"""Changes of the tables, one by one, and bringing a database up to date."""

HEAD = "0014"
"""The newest revision in `versions`."""
