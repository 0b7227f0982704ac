"""Runs revisions in the transaction that it is given; Alembic executes this file."""

from alembic import context

from transcriber.storage.database.schema import METADATA

context.configure(
    connection=context.config.attributes["connection"],
    target_metadata=METADATA,
    # SQLite cannot change a column in place: Alembic makes the table anew.
    render_as_batch=True,
)
with context.begin_transaction():
    context.run_migrations()
