"""The REST interface, and what every request of the service goes through."""
