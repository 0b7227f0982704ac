"""Settings that ship with Transcriber: redaction policies and the pinned versions."""
