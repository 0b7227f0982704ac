"""File formats: writing what leaves, and reading the transcripts that people already have."""
