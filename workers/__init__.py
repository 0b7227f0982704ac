"""The processes of the service: Celery, its tasks and schedule, and a Redis of our own."""
