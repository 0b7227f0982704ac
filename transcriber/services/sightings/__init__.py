"""Identifiers that were seen in releases: reported, looked for everywhere, recalled, told."""
