"""What learners chose for themselves: explanations, the card of what changed, compact output."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "2026_11_30_settings"
down_revision = "2026_11_30_scores"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Nobody chose anything until now."""
    op.create_table(
        "settings",
        sa.Column("learner_id", sa.BigInteger(), nullable=False),
        sa.Column("explanations", sa.String(length=16), nullable=False),
        sa.Column("changes", sa.Boolean(), nullable=False),
        sa.Column("compact", sa.Boolean(), nullable=False),
        sa.ForeignKeyConstraint(
            ["learner_id"],
            ["learners.id"],
            name=op.f("fk_settings_learner_id_learners"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("learner_id", name=op.f("pk_settings")),
    )


def downgrade() -> None:
    """Everybody has the defaults again."""
    op.drop_table("settings")
