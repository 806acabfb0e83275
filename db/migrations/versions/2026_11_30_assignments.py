"""Lessons with due dates, reminders, time zones, joining by role, places for a lesson."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "2026_11_30_assignments"
down_revision = "2026_11_30_help"
branch_labels = None
depends_on = None

COUNTED = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
MOMENT = sa.DateTime(timezone=True)


def upgrade() -> None:
    """Nothing was assigned until now, and nobody chose a time zone."""
    op.add_column("settings", sa.Column("zone", sa.String(length=64), nullable=True))
    op.add_column("servers", sa.Column("zone", sa.String(length=64), nullable=True))
    op.add_column("classes", sa.Column("join_role_id", sa.BigInteger(), nullable=True))
    _assignments()
    _reminders()
    op.create_table(
        "class_seats",
        sa.Column("class_id", COUNTED, nullable=False),
        sa.Column("begins_at", MOMENT, nullable=False),
        sa.Column("ends_at", MOMENT, nullable=False),
        sa.Column("seats", sa.Integer(), nullable=False),
        sa.Column("warm", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["class_id"],
            ["classes.id"],
            name=op.f("fk_class_seats_class_id_classes"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("class_id", name=op.f("pk_class_seats")),
    )
    op.create_index("ix_class_seats_ends_at", "class_seats", ["ends_at"])


def _assignments() -> None:
    op.create_table(
        "assignments",
        sa.Column("id", COUNTED, nullable=False),
        sa.Column("class_id", COUNTED, nullable=False),
        sa.Column("lesson_id", sa.String(length=64), nullable=False),
        sa.Column("due_at", MOMENT, nullable=True),
        sa.Column("created_by", sa.BigInteger(), nullable=True),
        sa.Column("changed_at", MOMENT, nullable=False),
        sa.ForeignKeyConstraint(
            ["class_id"],
            ["classes.id"],
            name=op.f("fk_assignments_class_id_classes"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_assignments")),
    )
    op.create_index(
        "ix_assignments_class_id_lesson_id", "assignments", ["class_id", "lesson_id"], unique=True
    )
    op.create_index("ix_assignments_due_at", "assignments", ["due_at"])


def _reminders() -> None:
    op.create_table(
        "reminders",
        sa.Column("assignment_id", COUNTED, nullable=False),
        sa.Column("learner_id", sa.BigInteger(), nullable=False),
        sa.Column("kind", sa.String(length=8), nullable=False),
        sa.Column("due_at", MOMENT, nullable=False),
        sa.Column("outcome", sa.String(length=8), nullable=False),
        sa.Column("at", MOMENT, nullable=False),
        sa.ForeignKeyConstraint(
            ["assignment_id"],
            ["assignments.id"],
            name=op.f("fk_reminders_assignment_id_assignments"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["learner_id"],
            ["learners.id"],
            name=op.f("fk_reminders_learner_id_learners"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint(
            "assignment_id", "learner_id", "kind", "due_at", name=op.f("pk_reminders")
        ),
    )
    op.create_index("ix_reminders_learner_id", "reminders", ["learner_id"])


def downgrade() -> None:
    """Forgets assignments, reminders, time zones and wished places."""
    op.drop_table("class_seats")
    op.drop_table("reminders")
    op.drop_table("assignments")
    op.drop_column("classes", "join_role_id")
    op.drop_column("servers", "zone")
    op.drop_column("settings", "zone")
