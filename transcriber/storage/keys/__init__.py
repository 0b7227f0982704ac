"""Keys: the master key, the keys that it wraps, and what they seal."""
