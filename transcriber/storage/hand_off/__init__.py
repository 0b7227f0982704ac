"""Places that releases are brought to: folders, on this machine or a network share, and buckets."""
