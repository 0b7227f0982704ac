"""The study's own names in a text."""
