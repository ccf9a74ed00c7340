"""Runs the migrations on the connection that ``migrate`` opened; Alembic calls this file."""

from alembic import context

from commands.state.tables import metadata

context.configure(
    connection=context.config.attributes["connection"],
    target_metadata=metadata,
    # Alembic believes that SQLite can't take a CREATE TABLE back.
    transactional_ddl=True,
)
with context.begin_transaction():
    context.run_migrations()
