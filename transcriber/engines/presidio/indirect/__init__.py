"""What identifies only in combination: work, family, health and more."""
