"""Checking a recording: one use case a module."""
