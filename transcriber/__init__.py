"""Interview transcription and anonymisation for qualitative researchers."""

__version__ = "0.1.0"
