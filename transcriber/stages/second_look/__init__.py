"""A second look at what was redacted, with other means than those that found it."""
