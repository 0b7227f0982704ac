"""Decoding of uploaded media in a confined process."""
