"""Numbers, addresses, dates and ages as people say them."""
