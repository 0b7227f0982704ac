"""The pages that people see, served with the REST interface by one process."""
