"""What the policy makes of findings: one person, one replacement."""
