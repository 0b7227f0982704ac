"""A participant takes back what they gave: what is taken out, and what is left to decide."""
