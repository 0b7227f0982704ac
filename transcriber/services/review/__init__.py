"""Checking a recording: what people do to it, and how far it is."""
