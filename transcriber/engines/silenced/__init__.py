"""Sound without what must not be heard, in several formats, written and heard again by PyAV."""
