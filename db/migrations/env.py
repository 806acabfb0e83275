"""Runs the migrations on the connection that `db.migrate` hands in."""

from alembic import context

from db.models import Base

context.configure(
    connection=context.config.attributes["connection"],
    target_metadata=Base.metadata,
    render_as_batch=True,  # SQLite can't alter a table: Alembic rebuilds it
    compare_type=True,
)
with context.begin_transaction():
    context.run_migrations()
