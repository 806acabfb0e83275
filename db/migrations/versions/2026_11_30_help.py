"""Raised hands, and the help that came of them."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "2026_11_30_help"
down_revision = "2026_11_30_banks"
branch_labels = None
depends_on = None

# A migration imports no models: it must still do the same in two years.
COUNTED = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
MOMENT = sa.DateTime(timezone=True)


def upgrade() -> None:
    """Nobody has raised a hand before."""
    _make_hands()
    _make_help_lines()


def downgrade() -> None:
    """Forgets all of it."""
    for table in ("help_lines", "hands"):
        op.drop_table(table)


def _refers(table: str, column: str, other: str) -> sa.ForeignKeyConstraint:
    return sa.ForeignKeyConstraint(
        [column], [f"{other}.id"], name=f"fk_{table}_{column}_{other}", ondelete="CASCADE"
    )


def _make_hands() -> None:
    op.create_table(
        "hands",
        sa.Column("id", COUNTED, nullable=False),
        sa.Column("learner_id", sa.BigInteger(), nullable=False),
        sa.Column("server_id", sa.BigInteger(), nullable=False),
        sa.Column("channel_id", sa.BigInteger(), nullable=False),
        sa.Column("sentence", sa.String(), nullable=False),
        sa.Column("raised_at", MOMENT, nullable=False),
        sa.Column("helper_id", sa.BigInteger(), nullable=True),
        sa.Column("taken_at", MOMENT, nullable=True),
        sa.Column("closed_at", MOMENT, nullable=True),
        sa.Column("ended", sa.String(16), nullable=True),
        sa.Column("thread_id", sa.BigInteger(), nullable=True),
        sa.Column("panel_id", sa.BigInteger(), nullable=True),
        sa.Column("notice_channel_id", sa.BigInteger(), nullable=True),
        sa.Column("notice_message_id", sa.BigInteger(), nullable=True),
        sa.Column("may_look", sa.Boolean(), nullable=False),
        sa.Column("may_fork", sa.Boolean(), nullable=False),
        sa.Column("fork_until", MOMENT, nullable=True),
        sa.PrimaryKeyConstraint("id", name="pk_hands"),
        _refers("hands", "learner_id", "learners"),
    )
    is_open = sa.text("closed_at IS NULL")
    op.create_index(
        "uq_hands_open",
        "hands",
        ["server_id", "learner_id"],
        unique=True,
        sqlite_where=is_open,
        postgresql_where=is_open,
    )
    op.create_index("ix_hands_server_id_closed_at", "hands", ["server_id", "closed_at"])
    op.create_index("ix_hands_thread_id", "hands", ["thread_id"])


def _make_help_lines() -> None:
    op.create_table(
        "help_lines",
        sa.Column("id", COUNTED, nullable=False),
        sa.Column("learner_id", sa.BigInteger(), nullable=False),
        sa.Column("hand_id", COUNTED, nullable=False),
        sa.Column("line", sa.String(), nullable=False),
        sa.Column("exit_code", sa.Integer(), nullable=True),
        sa.Column("at", MOMENT, nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_help_lines"),
        _refers("help_lines", "learner_id", "learners"),
        _refers("help_lines", "hand_id", "hands"),
    )
    op.create_index("ix_help_lines_hand_id_id", "help_lines", ["hand_id", "id"])
