"""Bringing releases where a study wants them, and the notice of a recall after them."""
