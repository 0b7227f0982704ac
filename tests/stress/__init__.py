"""A generated stress set: numbers, codes and addresses as they are spoken and recognised."""
