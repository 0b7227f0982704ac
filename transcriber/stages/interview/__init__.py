"""What the talk of an interview tells about its speakers: roles, labels, names, who talks how."""
