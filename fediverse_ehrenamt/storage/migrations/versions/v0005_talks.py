"""Replies, messages, reports, blocks and moves."""

import sqlalchemy as sa
from alembic import op

from fediverse_ehrenamt.storage.types import UtcDateTime

revision = "0005"
down_revision = "0004"
branch_labels = None
depends_on = None

_Id = sa.BigInteger().with_variant(sa.Integer(), "sqlite")


def upgrade() -> None:
    op.create_table(
        "blocked_by",
        sa.Column("actor", sa.String(length=2100), nullable=False),
        sa.Column("blocker", sa.String(length=2100), nullable=False),
        sa.Column("block", sa.String(length=2100), nullable=False),
        sa.Column("since", UtcDateTime(), nullable=False),
        sa.PrimaryKeyConstraint("actor", "blocker", name=op.f("pk_blocked_by")),
    )
    op.create_index(op.f("ix_blocked_by_blocker"), "blocked_by", ["blocker"], unique=False)
    op.create_table(
        "moves",
        sa.Column("old", sa.String(length=2100), nullable=False),
        sa.Column("target", sa.String(length=2100), nullable=False),
        sa.Column("said_at", UtcDateTime(), nullable=False),
        sa.Column("moved_at", UtcDateTime(), nullable=True),
        sa.PrimaryKeyConstraint("old", name=op.f("pk_moves")),
    )
    op.create_index(op.f("ix_moves_target"), "moves", ["target"], unique=False)
    _create_replies()
    _create_messages()
    _create_reports()


def _create_replies() -> None:
    op.create_table(
        "replies",
        sa.Column("id", _Id, autoincrement=True, nullable=False),
        sa.Column("uri", sa.String(length=2100), nullable=False),
        sa.Column("object", sa.String(length=2100), nullable=False),
        sa.Column("in_reply_to", sa.String(length=2100), nullable=False),
        sa.Column("organisation", sa.String(length=2100), nullable=False),
        sa.Column("author", sa.String(length=2100), nullable=False),
        sa.Column("content", sa.Text(), nullable=False),
        sa.Column("warning", sa.Text(), nullable=False),
        sa.Column("language", sa.String(length=40), nullable=False),
        sa.Column("url", sa.String(length=2100), nullable=False),
        sa.Column("published_at", UtcDateTime(), nullable=False),
        sa.Column("version", UtcDateTime(), nullable=False),
        sa.Column("received_at", UtcDateTime(), nullable=False),
        sa.Column("state", sa.String(length=20), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_replies")),
        sa.UniqueConstraint("uri", name=op.f("uq_replies_uri")),
    )
    op.create_index(op.f("ix_replies_author"), "replies", ["author"], unique=False)
    op.create_index(op.f("ix_replies_organisation"), "replies", ["organisation"], unique=False)
    op.create_index("ix_replies_thread", "replies", ["object", "state", "published_at"], unique=False)


def _create_messages() -> None:
    op.create_table(
        "messages",
        sa.Column("id", _Id, autoincrement=True, nullable=False),
        sa.Column("organisation", sa.String(length=2100), nullable=False),
        sa.Column("person", sa.String(length=2100), nullable=False),
        sa.Column("uri", sa.String(length=2100), nullable=False),
        sa.Column("sent", sa.Boolean(), nullable=False),
        sa.Column("public", sa.Boolean(), nullable=False),
        sa.Column("in_reply_to", sa.String(length=2100), nullable=False),
        sa.Column("about", sa.String(length=2100), nullable=False),
        sa.Column("context", sa.String(length=2100), nullable=False),
        sa.Column("content", sa.Text(), nullable=False),
        sa.Column("url", sa.String(length=2100), nullable=False),
        sa.Column("version", UtcDateTime(), nullable=False),
        sa.Column("at", UtcDateTime(), nullable=False),
        sa.Column("activity", sa.String(length=2100), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_messages")),
        sa.UniqueConstraint("organisation", "uri", name=op.f("uq_messages_organisation_uri")),
    )
    op.create_index(op.f("ix_messages_at"), "messages", ["at"], unique=False)
    op.create_index("ix_messages_conversation", "messages", ["organisation", "person", "at"], unique=False)
    op.create_index(op.f("ix_messages_person"), "messages", ["person"], unique=False)
    op.create_index(op.f("ix_messages_uri"), "messages", ["uri"], unique=False)


def _create_reports() -> None:
    op.create_table(
        "reports",
        sa.Column("id", _Id, autoincrement=True, nullable=False),
        sa.Column("activity", sa.String(length=2100), nullable=False),
        sa.Column("reporter", sa.String(length=2100), nullable=False),
        sa.Column("host", sa.String(length=300), nullable=False),
        sa.Column("actor", sa.String(length=2100), nullable=False),
        sa.Column("objects", sa.Text(), nullable=False),
        sa.Column("comment", sa.Text(), nullable=False),
        sa.Column("received_at", UtcDateTime(), nullable=False),
        sa.Column("closed_at", UtcDateTime(), nullable=True),
        sa.Column("decision", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_reports")),
        sa.UniqueConstraint("activity", name=op.f("uq_reports_activity")),
    )
    op.create_index(op.f("ix_reports_closed_at"), "reports", ["closed_at"], unique=False)
    op.create_index("ix_reports_of_host", "reports", ["host", "received_at"], unique=False)
    op.create_index(op.f("ix_reports_reporter"), "reports", ["reporter"], unique=False)


def downgrade() -> None:
    for table in ("reports", "messages", "replies", "moves", "blocked_by"):
        op.drop_table(table)
