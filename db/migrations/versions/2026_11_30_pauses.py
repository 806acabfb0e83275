"""Since when a quiz is paused: one that nobody goes on with ends by itself."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "2026_11_30_pauses"
down_revision = "2026_11_30_board_opener"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """What is paused now counts from when a bot kept its time last."""
    op.add_column("quizzes", sa.Column("paused_at", sa.DateTime(timezone=True), nullable=True))
    op.execute("UPDATE quizzes SET paused_at = seen_at WHERE left_ms IS NOT NULL")


def downgrade() -> None:
    """Pauses last until somebody goes on."""
    with op.batch_alter_table("quizzes") as table:
        table.drop_column("paused_at")
