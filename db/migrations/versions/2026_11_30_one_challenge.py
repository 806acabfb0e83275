"""A class has one challenge at a time in a channel."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "2026_11_30_one_challenge"
down_revision = "2026_11_30_following"
branch_labels = None
depends_on = None

IS_OPEN = "kind = 'class' AND phase NOT IN ('ended', 'cancelled')"


def upgrade() -> None:
    """Of two that were opened at once, the newer one goes on."""
    op.execute(
        f"UPDATE challenges SET phase = 'cancelled' WHERE {IS_OPEN} AND EXISTS "  # noqa: S608 - ours
        "(SELECT 1 FROM challenges AS newer WHERE newer.channel_id = challenges.channel_id "
        "AND newer.id > challenges.id AND newer.kind = 'class' "
        "AND newer.phase NOT IN ('ended', 'cancelled'))"
    )
    op.create_index(
        "uq_challenges_open",
        "challenges",
        ["channel_id"],
        unique=True,
        sqlite_where=sa.text(IS_OPEN),
        postgresql_where=sa.text(IS_OPEN),
    )


def downgrade() -> None:
    """The lock of the program alone keeps them apart again."""
    op.drop_index("uq_challenges_open", "challenges")
