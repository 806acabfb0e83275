"""Attempts that differ: which variant of a lesson a learner has, and what they answered."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "2026_11_24_attempts"
down_revision = "2026_11_24_start"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Whoever has opened a lesson keeps the variant that everybody had until now."""
    with op.batch_alter_table("lesson_progress") as table:
        table.add_column(sa.Column("variant", sa.Integer(), nullable=False, server_default="0"))
    with op.batch_alter_table("task_progress") as table:
        table.add_column(sa.Column("answer", sa.String(), nullable=True))


def downgrade() -> None:
    """What was drawn and answered is gone; ticks stay."""
    with op.batch_alter_table("task_progress") as table:
        table.drop_column("answer")
    with op.batch_alter_table("lesson_progress") as table:
        table.drop_column("variant")
