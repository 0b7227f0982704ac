"""Talk of several people made by synthetic voices, with the time and the speaker of every word."""
