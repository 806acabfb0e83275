"""Live quizzes: their course, questions, players and answers."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "2026_11_30_quizzes"
down_revision = "2026_11_30_classes"
branch_labels = None
depends_on = None

COUNTED = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
MOMENT = sa.DateTime(timezone=True)


def upgrade() -> None:
    """No quiz was held until now."""
    op.create_table(
        "quizzes",
        sa.Column("id", COUNTED, nullable=False),
        sa.Column("server_id", sa.BigInteger(), nullable=False),
        sa.Column("channel_id", sa.BigInteger(), nullable=False),
        sa.Column("active_channel_id", sa.BigInteger(), nullable=True),
        sa.Column("thread_id", sa.BigInteger(), nullable=True),
        sa.Column("lobby_message_id", sa.BigInteger(), nullable=True),
        sa.Column("host_id", sa.BigInteger(), nullable=True),
        sa.Column("language", sa.String(length=8), nullable=False),
        sa.Column("title", sa.String(length=200), nullable=False),
        sa.Column("practice", sa.Boolean(), nullable=False),
        sa.Column("seconds", sa.Integer(), nullable=False),
        sa.Column("rounds", sa.Integer(), nullable=False),
        sa.Column("phase", sa.String(length=16), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("limit_ms", sa.Integer(), nullable=False),
        sa.Column("ends_at", MOMENT, nullable=True),
        sa.Column("left_ms", sa.Integer(), nullable=True),
        sa.Column("ending", sa.String(length=16), nullable=True),
        sa.Column("seen_at", MOMENT, nullable=False),
        sa.Column("created_at", MOMENT, nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_quizzes"),
        sa.UniqueConstraint("active_channel_id", name="uq_quizzes_active_channel_id"),
    )
    op.create_table(
        "quiz_rounds",
        sa.Column("quiz_id", COUNTED, nullable=False),
        sa.Column("position", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("ref", sa.String(length=200), nullable=False),
        sa.Column("message_id", sa.BigInteger(), nullable=True),
        sa.Column("limit_ms", sa.Integer(), nullable=True),
        sa.Column("void", sa.String(length=16), nullable=True),
        sa.Column("found", sa.String(length=100), nullable=True),
        sa.Column("said", sa.String(), nullable=True),
        sa.ForeignKeyConstraint(
            ["quiz_id"], ["quizzes.id"], name="fk_quiz_rounds_quiz_id_quizzes", ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("quiz_id", "position", name="pk_quiz_rounds"),
    )
    op.create_table(
        "quiz_players",
        sa.Column("quiz_id", COUNTED, nullable=False),
        sa.Column("learner_id", sa.BigInteger(), nullable=False),
        sa.Column("name", sa.String(length=100), nullable=False),
        sa.Column("joined_at", MOMENT, nullable=False),
        *_of_learner("quiz_players"),
        sa.PrimaryKeyConstraint("quiz_id", "learner_id", name="pk_quiz_players"),
    )
    op.create_index("ix_quiz_players_learner_id", "quiz_players", ["learner_id"])
    op.create_table(
        "quiz_answers",
        sa.Column("quiz_id", COUNTED, nullable=False),
        sa.Column("position", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("learner_id", sa.BigInteger(), nullable=False),
        sa.Column("answer", sa.JSON(), nullable=False),
        sa.Column("elapsed_ms", sa.Integer(), nullable=False),
        sa.Column("changes", sa.Integer(), nullable=False),
        sa.Column("correct", sa.Boolean(), nullable=True),
        sa.Column("points", sa.Integer(), nullable=True),
        sa.Column("at", MOMENT, nullable=False),
        *_of_learner("quiz_answers"),
        sa.PrimaryKeyConstraint("quiz_id", "position", "learner_id", name="pk_quiz_answers"),
    )
    op.create_index("ix_quiz_answers_learner_id", "quiz_answers", ["learner_id"])


def _of_learner(table: str) -> tuple[sa.ForeignKeyConstraint, sa.ForeignKeyConstraint]:
    return (
        sa.ForeignKeyConstraint(
            ["quiz_id"], ["quizzes.id"], name=f"fk_{table}_quiz_id_quizzes", ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(
            ["learner_id"],
            ["learners.id"],
            name=f"fk_{table}_learner_id_learners",
            ondelete="CASCADE",
        ),
    )


def downgrade() -> None:
    """What was asked and answered is gone."""
    for table in ("quiz_answers", "quiz_players", "quiz_rounds", "quizzes"):
        op.drop_table(table)
