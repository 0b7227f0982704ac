"""Checking a recording in the browser, one use case a file."""
