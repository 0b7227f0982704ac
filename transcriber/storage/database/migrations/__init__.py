"""Changes of the tables, one by one, and bringing a database up to date."""

HEAD = "0016"
"""The newest revision in `versions`."""
