"""A raised hand is told in the channel of each class that its learner is in."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "2026_11_30_notices"
down_revision = "2026_11_30_one_challenge"
branch_labels = None
depends_on = None

COUNTED = sa.BigInteger().with_variant(sa.Integer(), "sqlite")


def upgrade() -> None:
    """What was told so far is kept."""
    op.create_table(
        "hand_notices",
        sa.Column("hand_id", COUNTED, nullable=False),
        sa.Column("channel_id", sa.BigInteger(), nullable=False),
        sa.Column("learner_id", sa.BigInteger(), nullable=False),
        sa.Column("message_id", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("hand_id", "channel_id", name="pk_hand_notices"),
        _refers("hand_id", "hands"),
        _refers("learner_id", "learners"),
    )
    op.execute(
        "INSERT INTO hand_notices (hand_id, channel_id, learner_id, message_id) "
        "SELECT id, notice_channel_id, learner_id, notice_message_id FROM hands "
        "WHERE notice_channel_id IS NOT NULL AND notice_message_id IS NOT NULL"
    )
    op.drop_column("hands", "notice_message_id")
    op.drop_column("hands", "notice_channel_id")


def downgrade() -> None:
    """One of them is kept."""
    op.add_column("hands", sa.Column("notice_channel_id", sa.BigInteger(), nullable=True))
    op.add_column("hands", sa.Column("notice_message_id", sa.BigInteger(), nullable=True))
    for column in ("channel_id", "message_id"):
        op.execute(
            f"UPDATE hands SET notice_{column} = (SELECT {column} FROM hand_notices "  # noqa: S608
            "WHERE hand_id = hands.id ORDER BY message_id LIMIT 1)"
        )
    op.drop_table("hand_notices")


def _refers(column: str, other: str) -> sa.ForeignKeyConstraint:
    return sa.ForeignKeyConstraint(
        [column], [f"{other}.id"], name=f"fk_hand_notices_{column}_{other}", ondelete="CASCADE"
    )
