"""Which background pictures have for a learner."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "2026_11_30_pictures"
down_revision = "2026_11_30_settings"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Everybody's pictures are dark until they say otherwise."""
    op.add_column(
        "settings",
        sa.Column("pictures", sa.String(length=16), server_default="dark", nullable=False),
    )


def downgrade() -> None:
    """Nobody's choice is kept."""
    op.drop_column("settings", "pictures")
