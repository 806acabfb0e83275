"""Timed lessons: since when the clock of an attempt runs, and the best score."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "2026_11_30_scores"
down_revision = "2026_11_24_attempts"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """No lesson was timed until now."""
    with op.batch_alter_table("lesson_progress") as table:
        table.add_column(sa.Column("clock_at", sa.DateTime(timezone=True), nullable=True))
        table.add_column(sa.Column("best_score", sa.Integer(), nullable=True))


def downgrade() -> None:
    """Scores are gone; ticks stay."""
    with op.batch_alter_table("lesson_progress") as table:
        table.drop_column("best_score")
        table.drop_column("clock_at")
