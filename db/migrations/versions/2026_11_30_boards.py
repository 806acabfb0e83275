"""The live boards of classes."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "2026_11_30_boards"
down_revision = "2026_11_30_practice"
branch_labels = None
depends_on = None

COUNTED = sa.BigInteger().with_variant(sa.Integer(), "sqlite")


def upgrade() -> None:
    """No class has a board yet."""
    op.create_table(
        "class_boards",
        sa.Column("class_id", COUNTED, nullable=False),
        sa.Column("channel_id", sa.BigInteger(), nullable=True),
        sa.Column("message_id", sa.BigInteger(), nullable=True),
        sa.Column("until", sa.DateTime(timezone=True), nullable=True),
        sa.Column("learn_channel_id", sa.BigInteger(), nullable=True),
        sa.ForeignKeyConstraint(
            ["class_id"],
            ["classes.id"],
            name=op.f("fk_class_boards_class_id_classes"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("class_id", name=op.f("pk_class_boards")),
    )


def downgrade() -> None:
    """Boards that are shown stay as they are."""
    op.drop_table("class_boards")
