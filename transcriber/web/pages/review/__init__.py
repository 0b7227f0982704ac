"""Checking a recording: its turns with their marks, what is in doubt, and each decision."""
