"""Challenges and duels: who takes part, what they did, whose engine has to be given back."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "2026_11_30_challenges"
down_revision = "2026_11_30_boards"
branch_labels = None
depends_on = None

KEY = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
MOMENT = sa.DateTime(timezone=True)


def upgrade() -> None:
    """There were none until now."""
    op.create_table(
        "challenges",
        sa.Column("id", KEY, nullable=False),
        sa.Column("server_id", sa.BigInteger(), nullable=False),
        sa.Column("channel_id", sa.BigInteger(), nullable=False),
        sa.Column("message_id", sa.BigInteger(), nullable=True),
        sa.Column("kind", sa.String(length=16), nullable=False),
        sa.Column("lesson_id", sa.String(length=64), nullable=False),
        sa.Column("variant", sa.Integer(), nullable=False),
        sa.Column("phase", sa.String(length=16), nullable=False),
        sa.Column("language", sa.String(length=8), nullable=False),
        sa.Column("limit_s", sa.Integer(), nullable=False),
        sa.Column("freeze_s", sa.Integer(), nullable=False),
        sa.Column("faults_each", sa.Integer(), nullable=False),
        sa.Column("role_a", sa.BigInteger(), nullable=True),
        sa.Column("role_b", sa.BigInteger(), nullable=True),
        sa.Column("created_at", MOMENT, nullable=False),
        sa.Column("starts_at", MOMENT, nullable=True),
        sa.Column("ends_at", MOMENT, nullable=True),
        sa.Column("ended_at", MOMENT, nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_challenges")),
    )
    op.create_index("ix_challenges_phase", "challenges", ["phase"])
    op.create_table(
        "challenge_members",
        sa.Column("challenge_id", KEY, nullable=False),
        sa.Column("learner_id", sa.BigInteger(), nullable=False),
        sa.Column("name", sa.String(length=100), nullable=False),
        sa.Column("side", sa.Integer(), nullable=False),
        sa.Column("captain", sa.Boolean(), nullable=False),
        sa.Column("state", sa.String(length=16), nullable=False),
        sa.Column("why", sa.String(length=64), nullable=True),
        sa.Column("changed_at", MOMENT, nullable=False),
        sa.Column("engine", sa.String(length=16), nullable=False),
        sa.Column("had_disk", sa.Boolean(), nullable=False),
        sa.Column("faults", sa.JSON(), nullable=False),
        sa.Column("card_channel_id", sa.BigInteger(), nullable=True),
        sa.Column("card_message_id", sa.BigInteger(), nullable=True),
        *_keys("challenge_members"),
        sa.PrimaryKeyConstraint("challenge_id", "learner_id", name=op.f("pk_challenge_members")),
    )
    op.create_index("ix_challenge_members_learner_id", "challenge_members", ["learner_id"])
    op.create_index("ix_challenge_members_engine", "challenge_members", ["engine"])
    op.create_table(
        "challenge_marks",
        sa.Column("challenge_id", KEY, nullable=False),
        sa.Column("learner_id", sa.BigInteger(), nullable=False),
        sa.Column("kind", sa.String(length=16), nullable=False),
        sa.Column("task_id", sa.String(length=64), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("at", MOMENT, nullable=False),
        *_keys("challenge_marks"),
        sa.PrimaryKeyConstraint(
            "challenge_id",
            "learner_id",
            "kind",
            "task_id",
            "number",
            name=op.f("pk_challenge_marks"),
        ),
    )


def downgrade() -> None:
    """Of no challenge anything is kept."""
    op.drop_table("challenge_marks")
    op.drop_table("challenge_members")
    op.drop_table("challenges")


def _keys(table: str) -> tuple[sa.ForeignKeyConstraint, sa.ForeignKeyConstraint]:
    return (
        sa.ForeignKeyConstraint(
            ["challenge_id"],
            ["challenges.id"],
            name=op.f(f"fk_{table}_challenge_id_challenges"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["learner_id"],
            ["learners.id"],
            name=op.f(f"fk_{table}_learner_id_learners"),
            ondelete="CASCADE",
        ),
    )
