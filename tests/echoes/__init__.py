"""Groups in which somebody withdraws, with the turns of others that echo them."""
