"""What people may ask a study for: what is held on them, and how it is dealt with."""
