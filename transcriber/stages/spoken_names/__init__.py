"""Names as they sound, are misheard, shortened and broken off."""
