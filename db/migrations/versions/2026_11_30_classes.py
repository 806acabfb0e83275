"""Servers and their instructors, classes and who is in them, what instructors did."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "2026_11_30_classes"
down_revision = "2026_11_30_known_errors"
branch_labels = None
depends_on = None

COUNTED = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
MOMENT = sa.DateTime(timezone=True)


def upgrade() -> None:
    """There was no class until now."""
    op.create_table(
        "servers",
        sa.Column("server_id", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("instructor_role_id", sa.BigInteger(), nullable=True),
        sa.PrimaryKeyConstraint("server_id", name=op.f("pk_servers")),
    )
    op.create_table(
        "classes",
        sa.Column("id", COUNTED, nullable=False),
        sa.Column("server_id", sa.BigInteger(), nullable=False),
        sa.Column("name", sa.String(length=80), nullable=False),
        sa.Column("created_by", sa.BigInteger(), nullable=True),
        sa.Column("channel_id", sa.BigInteger(), nullable=True),
        sa.Column("created_at", MOMENT, nullable=False),
        sa.Column("closed_at", MOMENT, nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_classes")),
    )
    op.create_index(
        "uq_classes_server_id_name_open",
        "classes",
        ["server_id", "name"],
        unique=True,
        sqlite_where=sa.text("closed_at IS NULL"),
        postgresql_where=sa.text("closed_at IS NULL"),
    )
    op.create_table(
        "class_members",
        sa.Column("class_id", COUNTED, nullable=False),
        sa.Column("learner_id", sa.BigInteger(), nullable=False),
        sa.Column("joined_at", MOMENT, nullable=False),
        sa.ForeignKeyConstraint(
            ["class_id"],
            ["classes.id"],
            name=op.f("fk_class_members_class_id_classes"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["learner_id"],
            ["learners.id"],
            name=op.f("fk_class_members_learner_id_learners"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("class_id", "learner_id", name=op.f("pk_class_members")),
    )
    op.create_index("ix_class_members_learner_id", "class_members", ["learner_id"])
    op.create_table(
        "instructor_acts",
        sa.Column("id", COUNTED, nullable=False),
        sa.Column("learner_id", sa.BigInteger(), nullable=False),
        sa.Column("server_id", sa.BigInteger(), nullable=False),
        sa.Column("instructor_id", sa.BigInteger(), nullable=True),
        sa.Column("act", sa.String(length=32), nullable=False),
        sa.Column("detail", sa.String(length=200), nullable=False),
        sa.Column("at", MOMENT, nullable=False),
        sa.ForeignKeyConstraint(
            ["learner_id"],
            ["learners.id"],
            name=op.f("fk_instructor_acts_learner_id_learners"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_instructor_acts")),
    )
    op.create_index("ix_instructor_acts_learner_id_id", "instructor_acts", ["learner_id", "id"])
    op.create_index("ix_instructor_acts_at", "instructor_acts", ["at"])


def downgrade() -> None:
    """All classes are gone, and what instructors did."""
    op.drop_table("instructor_acts")
    op.drop_table("class_members")
    op.drop_table("classes")
    op.drop_table("servers")
