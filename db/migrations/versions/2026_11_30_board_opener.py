"""Who opened the board of a class: whoever joins while it is open is told."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "2026_11_30_board_opener"
down_revision = "2026_11_30_notices"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Of boards that are open nobody knows it."""
    with op.batch_alter_table("class_boards") as table:
        table.add_column(sa.Column("opened_by", sa.BigInteger(), nullable=True))


def downgrade() -> None:
    """Boards stay open."""
    with op.batch_alter_table("class_boards") as table:
        table.drop_column("opened_by")
