"""The steps from a recording to a redacted transcript: typed input, typed output, no third party."""
