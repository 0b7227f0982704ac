"""Our own model of names, places and organisations."""
