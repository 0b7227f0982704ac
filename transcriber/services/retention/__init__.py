"""How long a study keeps what identifies people, and destroying it in time."""
