"""Question banks of servers."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "2026_11_30_banks"
down_revision = "2026_11_30_quizzes"
branch_labels = None
depends_on = None

COUNTED = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
MOMENT = sa.DateTime(timezone=True)


def upgrade() -> None:
    """There were the banks of the lessons only."""
    op.create_table(
        "banks",
        sa.Column("id", COUNTED, nullable=False),
        sa.Column("server_id", sa.BigInteger(), nullable=False),
        sa.Column("name", sa.String(length=80), nullable=False),
        sa.Column("deleted_at", MOMENT, nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_banks")),
        sa.UniqueConstraint("server_id", "name", name=op.f("uq_banks_server_id_name")),
    )
    op.create_table(
        "bank_versions",
        sa.Column("id", COUNTED, nullable=False),
        sa.Column("bank_id", COUNTED, nullable=False),
        sa.Column("number", sa.Integer(), nullable=True),
        sa.Column("questions", sa.Integer(), nullable=False),
        sa.Column("content", sa.String(), nullable=False),
        sa.Column("created_at", MOMENT, nullable=False),
        sa.ForeignKeyConstraint(
            ["bank_id"],
            ["banks.id"],
            name=op.f("fk_bank_versions_bank_id_banks"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_bank_versions")),
        sa.UniqueConstraint("bank_id", "number", name=op.f("uq_bank_versions_bank_id_number")),
        sqlite_autoincrement=True,
    )


def downgrade() -> None:
    """Banks of one's own are gone."""
    op.drop_table("bank_versions")
    op.drop_table("banks")
