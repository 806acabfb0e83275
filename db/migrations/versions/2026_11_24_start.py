"""Learners, their progress, attempts and history."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "2026_11_24_start"
down_revision = None
branch_labels = None
depends_on = None

# A migration imports no models: it must still do the same in two years.
COUNTED = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
MOMENT = sa.DateTime(timezone=True)


def upgrade() -> None:
    _make_learners()
    _make_lesson_progress()
    _make_task_progress()
    _make_attempts()
    _make_history()


def downgrade() -> None:
    for table in ("history", "attempts", "task_progress", "lesson_progress", "learners"):
        op.drop_table(table)


def _make_learners() -> None:
    op.create_table(
        "learners",
        sa.Column("id", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("name", sa.String(100), nullable=False),
        sa.Column("language", sa.String(8), nullable=False),
        sa.Column("language_chosen", sa.Boolean(), nullable=False),
        sa.Column("lab_id", sa.BigInteger(), nullable=True),
        sa.Column("current_lesson_id", sa.String(64), nullable=True),
        sa.Column("created_at", MOMENT, nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_learners"),
        sa.UniqueConstraint("lab_id", name="uq_learners_lab_id"),
    )


def _make_lesson_progress() -> None:
    op.create_table(
        "lesson_progress",
        sa.Column("learner_id", sa.BigInteger(), nullable=False),
        sa.Column("lesson_id", sa.String(64), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("opened_at", MOMENT, nullable=False),
        sa.Column("finished_at", MOMENT, nullable=True),
        sa.Column("step_id", sa.String(64), nullable=True),
        sa.Column("card_channel_id", sa.BigInteger(), nullable=True),
        sa.Column("card_message_id", sa.BigInteger(), nullable=True),
        sa.PrimaryKeyConstraint("learner_id", "lesson_id", name="pk_lesson_progress"),
        sa.ForeignKeyConstraint(
            ["learner_id"],
            ["learners.id"],
            name="fk_lesson_progress_learner_id_learners",
            ondelete="CASCADE",
        ),
    )


def _make_task_progress() -> None:
    op.create_table(
        "task_progress",
        sa.Column("learner_id", sa.BigInteger(), nullable=False),
        sa.Column("lesson_id", sa.String(64), nullable=False),
        sa.Column("task_id", sa.String(64), nullable=False),
        sa.Column("hints_shown", sa.Integer(), nullable=False),
        sa.Column("done_at", MOMENT, nullable=True),
        sa.Column("done_version", sa.Integer(), nullable=True),
        sa.PrimaryKeyConstraint("learner_id", "lesson_id", "task_id", name="pk_task_progress"),
        sa.ForeignKeyConstraint(
            ["learner_id", "lesson_id"],
            ["lesson_progress.learner_id", "lesson_progress.lesson_id"],
            name="fk_task_progress_learner_id_lesson_id_lesson_progress",
            ondelete="CASCADE",
        ),
    )


def _make_attempts() -> None:
    op.create_table(
        "attempts",
        sa.Column("id", COUNTED, nullable=False),
        sa.Column("learner_id", sa.BigInteger(), nullable=False),
        sa.Column("lesson_id", sa.String(64), nullable=False),
        sa.Column("task_id", sa.String(64), nullable=False),
        sa.Column("passed", sa.Boolean(), nullable=False),
        sa.Column("missing", sa.JSON(), nullable=False),
        sa.Column("at", MOMENT, nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_attempts"),
        sa.ForeignKeyConstraint(
            ["learner_id"],
            ["learners.id"],
            name="fk_attempts_learner_id_learners",
            ondelete="CASCADE",
        ),
    )
    op.create_index("ix_attempts_learner_id_id", "attempts", ["learner_id", "id"])


def _make_history() -> None:
    op.create_table(
        "history",
        sa.Column("id", COUNTED, nullable=False),
        sa.Column("learner_id", sa.BigInteger(), nullable=False),
        sa.Column("kind", sa.String(16), nullable=False),
        sa.Column("line", sa.String(), nullable=False),
        sa.Column("exit_code", sa.Integer(), nullable=True),
        sa.Column("took_ms", sa.Integer(), nullable=False),
        sa.Column("port", sa.Integer(), nullable=True),
        sa.Column("status", sa.Integer(), nullable=True),
        sa.Column("at", MOMENT, nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_history"),
        sa.ForeignKeyConstraint(
            ["learner_id"],
            ["learners.id"],
            name="fk_history_learner_id_learners",
            ondelete="CASCADE",
        ),
    )
    op.create_index("ix_history_learner_id_id", "history", ["learner_id", "id"])
