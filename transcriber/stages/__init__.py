"""The steps from a recording to a redacted transcript: typed in, typed out, no third party."""
