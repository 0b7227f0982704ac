"""Documents for participants and for data-protection officers, each written from what is there."""
