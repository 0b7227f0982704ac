"""Words that a recogniser invented."""
