"""Practice alone: questions in their boxes, what is asked just now, drills."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "2026_11_30_practice"
down_revision = "2026_11_30_assignments"
branch_labels = None
depends_on = None

MOMENT = sa.DateTime(timezone=True)


def upgrade() -> None:
    """Nobody practised until now."""
    op.create_table(
        "practice_cards",
        sa.Column("learner_id", sa.BigInteger(), nullable=False),
        sa.Column("question", sa.String(length=200), nullable=False),
        sa.Column("box", sa.Integer(), nullable=False),
        sa.Column("due_at", MOMENT, nullable=False),
        sa.Column("right", sa.Integer(), nullable=False),
        sa.Column("wrong", sa.Integer(), nullable=False),
        _of_learner("practice_cards"),
        sa.PrimaryKeyConstraint("learner_id", "question", name=op.f("pk_practice_cards")),
    )
    op.create_index(
        op.f("ix_practice_cards_learner_id_due_at"), "practice_cards", ["learner_id", "due_at"]
    )
    op.create_table(
        "practice_runs",
        sa.Column("learner_id", sa.BigInteger(), nullable=False),
        sa.Column("server_id", sa.BigInteger(), nullable=False),
        sa.Column("deck", sa.String(length=100), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("ref", sa.String(length=200), nullable=True),
        sa.Column("answered", sa.Boolean(), nullable=False),
        sa.Column("due_in_a_row", sa.Integer(), nullable=False),
        sa.Column("right", sa.Integer(), nullable=False),
        sa.Column("wrong", sa.Integer(), nullable=False),
        _of_learner("practice_runs"),
        sa.PrimaryKeyConstraint("learner_id", name=op.f("pk_practice_runs")),
    )
    op.create_table(
        "drills",
        sa.Column("learner_id", sa.BigInteger(), nullable=False),
        sa.Column("drill", sa.String(length=64), nullable=False),
        sa.Column("began_at", MOMENT, nullable=False),
        sa.Column("ended_at", MOMENT, nullable=True),
        sa.Column("passed", sa.Boolean(), nullable=False),
        _of_learner("drills"),
        sa.PrimaryKeyConstraint("learner_id", name=op.f("pk_drills")),
    )


def downgrade() -> None:
    """What was practised is forgotten."""
    op.drop_table("drills")
    op.drop_table("practice_runs")
    op.drop_index(op.f("ix_practice_cards_learner_id_due_at"), table_name="practice_cards")
    op.drop_table("practice_cards")


def _of_learner(table: str) -> sa.ForeignKeyConstraint:
    return sa.ForeignKeyConstraint(
        ["learner_id"],
        ["learners.id"],
        name=op.f(f"fk_{table}_learner_id_learners"),
        ondelete="CASCADE",
    )
