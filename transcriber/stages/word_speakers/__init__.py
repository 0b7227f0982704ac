"""Who says each word: by the turns that it lies in, unit by unit, checked by the voices."""
