"""Follow-me: who follows, what was run, what came out."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "2026_11_30_following"
down_revision = "2026_11_30_challenges"
branch_labels = None
depends_on = None

# A migration imports no models: it must still do the same in two years.
COUNTED = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
MOMENT = sa.DateTime(timezone=True)


def upgrade() -> None:
    """Nobody has followed before."""
    _make_follows()
    _make_followers()
    _make_follow_runs()
    _make_follow_outcomes()


def downgrade() -> None:
    """Forgets all of it."""
    for table in ("follow_outcomes", "follow_runs", "followers", "follows"):
        op.drop_table(table)


def _refers(table: str, column: str, other: str) -> sa.ForeignKeyConstraint:
    return sa.ForeignKeyConstraint(
        [column], [f"{other}.id"], name=f"fk_{table}_{column}_{other}", ondelete="CASCADE"
    )


def _make_follows() -> None:
    op.create_table(
        "follows",
        sa.Column("id", COUNTED, nullable=False),
        sa.Column("server_id", sa.BigInteger(), nullable=False),
        sa.Column("channel_id", sa.BigInteger(), nullable=False),
        sa.Column("message_id", sa.BigInteger(), nullable=True),
        sa.Column("instructor_id", sa.BigInteger(), nullable=True),
        sa.Column("started_at", MOMENT, nullable=False),
        sa.Column("ended_at", MOMENT, nullable=True),
        sa.PrimaryKeyConstraint("id", name="pk_follows"),
    )
    is_open = sa.text("ended_at IS NULL")
    op.create_index(
        "uq_follows_open",
        "follows",
        ["channel_id"],
        unique=True,
        sqlite_where=is_open,
        postgresql_where=is_open,
    )


def _make_followers() -> None:
    op.create_table(
        "followers",
        sa.Column("follow_id", COUNTED, nullable=False),
        sa.Column("learner_id", sa.BigInteger(), nullable=False),
        sa.Column("joined_at", MOMENT, nullable=False),
        sa.PrimaryKeyConstraint("follow_id", "learner_id", name="pk_followers"),
        _refers("followers", "follow_id", "follows"),
        _refers("followers", "learner_id", "learners"),
    )


def _make_follow_runs() -> None:
    op.create_table(
        "follow_runs",
        sa.Column("id", COUNTED, nullable=False),
        sa.Column("follow_id", COUNTED, nullable=False),
        sa.Column("instructor_id", sa.BigInteger(), nullable=True),
        sa.Column("line", sa.String(), nullable=False),
        sa.Column("state", sa.String(16), nullable=False),
        sa.Column("asked_at", MOMENT, nullable=False),
        sa.Column("message_id", sa.BigInteger(), nullable=True),
        sa.PrimaryKeyConstraint("id", name="pk_follow_runs"),
        _refers("follow_runs", "follow_id", "follows"),
    )
    op.create_index("ix_follow_runs_follow_id_id", "follow_runs", ["follow_id", "id"])


def _make_follow_outcomes() -> None:
    op.create_table(
        "follow_outcomes",
        sa.Column("run_id", COUNTED, nullable=False),
        sa.Column("learner_id", sa.BigInteger(), nullable=False),
        sa.Column("outcome", sa.String(16), nullable=False),
        sa.Column("exit_code", sa.Integer(), nullable=True),
        sa.Column("error", sa.String(64), nullable=True),
        sa.Column("took_ms", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("run_id", "learner_id", name="pk_follow_outcomes"),
        _refers("follow_outcomes", "run_id", "follow_runs"),
        _refers("follow_outcomes", "learner_id", "learners"),
    )
