"""Which known error a command met, and an index for what happened lately."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "2026_11_30_known_errors"
down_revision = "2026_11_30_pictures"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Of what was run before, nobody knows."""
    op.add_column("history", sa.Column("error", sa.String(length=64), nullable=True))
    op.create_index("ix_history_at", "history", ["at"])


def downgrade() -> None:
    """Forgets which errors there were."""
    op.drop_index("ix_history_at", table_name="history")
    op.drop_column("history", "error")
