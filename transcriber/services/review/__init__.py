"""Checking a recording: what is decided, what is left to do, and signing it."""
