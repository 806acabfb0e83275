"""When a lesson was first finished: another attempt makes nobody late who was in time."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "2026_12_01_first_finish"
down_revision = "2026_11_30_pauses"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """What is finished now was so then; of whoever has a score and began anew, before that."""
    op.add_column(
        "lesson_progress",
        sa.Column("first_finished_at", sa.DateTime(timezone=True), nullable=True),
    )
    op.execute("UPDATE lesson_progress SET first_finished_at = finished_at")
    op.execute(
        "UPDATE lesson_progress SET first_finished_at = opened_at"
        " WHERE finished_at IS NULL AND best_score IS NOT NULL"
    )


def downgrade() -> None:
    """Only of the newest attempt it is known when it was finished."""
    with op.batch_alter_table("lesson_progress") as table:
        table.drop_column("first_finished_at")
