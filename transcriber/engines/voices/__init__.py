"""Telling voices apart with what travels inside a wheel."""
