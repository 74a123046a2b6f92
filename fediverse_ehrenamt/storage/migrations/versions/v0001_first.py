"""The first schema: queue, federation, things, documents."""

import sqlalchemy as sa
from alembic import op

from fediverse_ehrenamt.storage.types import UtcDateTime

revision = "0001"
down_revision = None
branch_labels = None
depends_on = None

_Id = sa.BigInteger().with_variant(sa.Integer(), "sqlite")


def upgrade() -> None:  # noqa: PLR0915 - one statement for each table and index
    if op.get_context().dialect.name == "postgresql":
        op.execute(sa.schema.CreateSequence(sa.Sequence("documents_change")))
    op.create_table(
        "documents",
        sa.Column("uri", sa.String(length=2100), nullable=False),
        sa.Column("id", sa.String(length=40), nullable=False),
        sa.Column("kind", sa.String(length=20), nullable=False),
        sa.Column("host", sa.String(length=300), nullable=False),
        sa.Column("leaves_at", UtcDateTime(), nullable=True),
        sa.Column("xid", sa.BigInteger(), nullable=False),
        sa.Column("seq", sa.BigInteger(), nullable=False),
        sa.Column("gone", sa.Boolean(), nullable=False),
        sa.Column("card", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("uri", name=op.f("pk_documents")),
        sa.UniqueConstraint("id", name=op.f("uq_documents_id")),
    )
    op.create_index("ix_documents_change", "documents", ["xid", "seq"], unique=False)
    op.create_index(
        "ix_documents_leaving",
        "documents",
        ["leaves_at"],
        unique=False,
        sqlite_where=sa.text("NOT gone"),
        postgresql_where=sa.text("NOT gone"),
    )
    op.create_table(
        "followers",
        sa.Column("actor", sa.String(length=2100), nullable=False),
        sa.Column("follower", sa.String(length=2100), nullable=False),
        sa.Column("follow", sa.String(length=2100), nullable=False),
        sa.Column("inbox", sa.String(length=2100), nullable=False),
        sa.Column("host", sa.String(length=300), nullable=False),
        sa.Column("since", UtcDateTime(), nullable=False),
        sa.PrimaryKeyConstraint("actor", "follower", name=op.f("pk_followers")),
    )
    op.create_index(op.f("ix_followers_inbox"), "followers", ["inbox"], unique=False)
    op.create_index("ix_followers_list", "followers", ["actor", "since"], unique=False)
    op.create_table(
        "hosts",
        sa.Column("host", sa.String(length=300), nullable=False),
        sa.Column("software", sa.String(length=100), nullable=False),
        sa.Column("sister", sa.Boolean(), nullable=False),
        sa.Column("asked_at", UtcDateTime(), nullable=False),
        sa.PrimaryKeyConstraint("host", name=op.f("pk_hosts")),
    )
    op.create_table(
        "instance",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("name", sa.String(length=200), nullable=False),
        sa.Column("url", sa.String(length=2100), nullable=False),
        sa.Column("handle_domain", sa.String(length=300), nullable=False),
        sa.Column("summary", sa.Text(), nullable=False),
        sa.Column("created_at", UtcDateTime(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_instance")),
    )
    op.create_table(
        "jobs",
        sa.Column("id", _Id, autoincrement=True, nullable=False),
        sa.Column("host", sa.String(length=300), nullable=False),
        sa.Column("key", sa.String(length=2100), nullable=False),
        sa.Column("name", sa.String(length=60), nullable=False),
        sa.Column("argument", sa.Text(), nullable=False),
        sa.Column("tries", sa.Integer(), nullable=False),
        sa.Column("created_at", UtcDateTime(), nullable=False),
        sa.Column("due_at", UtcDateTime(), nullable=False),
        sa.Column("given_up_at", UtcDateTime(), nullable=True),
        sa.Column("error", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_jobs")),
    )
    op.create_index(
        "ix_jobs_due",
        "jobs",
        ["host", "due_at", "id"],
        unique=False,
        sqlite_where=sa.text("given_up_at IS NULL"),
        postgresql_where=sa.text("given_up_at IS NULL"),
    )
    op.create_index(
        "ix_jobs_given_up",
        "jobs",
        ["given_up_at"],
        unique=False,
        sqlite_where=sa.text("given_up_at IS NOT NULL"),
        postgresql_where=sa.text("given_up_at IS NOT NULL"),
    )
    op.create_index(
        "ix_jobs_order",
        "jobs",
        ["host", "key", "id"],
        unique=False,
        sqlite_where=sa.text("given_up_at IS NULL AND key != ''"),
        postgresql_where=sa.text("given_up_at IS NULL AND key != ''"),
    )
    op.create_table(
        "lanes",
        sa.Column("host", sa.String(length=300), nullable=False),
        sa.Column("next_at", UtcDateTime(), nullable=True),
        sa.Column("leased", sa.Integer(), nullable=False),
        sa.Column("failures", sa.Integer(), nullable=False),
        sa.Column("openings", sa.Integer(), nullable=False),
        sa.Column("opened_until", UtcDateTime(), nullable=True),
        sa.Column("failing_since", UtcDateTime(), nullable=True),
        sa.Column("last_success_at", UtcDateTime(), nullable=True),
        sa.PrimaryKeyConstraint("host", name=op.f("pk_lanes")),
    )
    op.create_index(op.f("ix_lanes_next_at"), "lanes", ["next_at"], unique=False)
    op.create_table(
        "local_actors",
        sa.Column("uri", sa.String(length=2100), nullable=False),
        sa.Column("handle", sa.String(length=60), nullable=False),
        sa.Column("type", sa.String(length=20), nullable=False),
        sa.Column("name", sa.String(length=200), nullable=False),
        sa.Column("summary", sa.Text(), nullable=False),
        sa.Column("url", sa.String(length=2100), nullable=False),
        sa.Column("details", sa.Text(), nullable=False),
        sa.Column("rsa_private", sa.Text(), nullable=False),
        sa.Column("rsa_public", sa.Text(), nullable=False),
        sa.Column("ed25519_private", sa.Text(), nullable=False),
        sa.Column("ed25519_public", sa.Text(), nullable=False),
        sa.Column("created_at", UtcDateTime(), nullable=False),
        sa.Column("gone_at", UtcDateTime(), nullable=True),
        sa.PrimaryKeyConstraint("uri", name=op.f("pk_local_actors")),
        sa.UniqueConstraint("handle", name=op.f("uq_local_actors_handle")),
    )
    op.create_table(
        "published",
        sa.Column("id", _Id, autoincrement=True, nullable=False),
        sa.Column("uri", sa.String(length=2100), nullable=False),
        sa.Column("actor", sa.String(length=2100), nullable=False),
        sa.Column("kind", sa.String(length=20), nullable=False),
        sa.Column("object", sa.String(length=2100), nullable=False),
        sa.Column("body", sa.LargeBinary(), nullable=False),
        sa.Column("listed", sa.Boolean(), nullable=False),
        sa.Column("published_at", UtcDateTime(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_published")),
        sa.UniqueConstraint("uri", name=op.f("uq_published_uri")),
    )
    op.create_index(op.f("ix_published_object"), "published", ["object"], unique=False)
    op.create_index("ix_published_outbox", "published", ["actor", "listed", "id"], unique=False)
    op.create_table(
        "received",
        sa.Column("id", _Id, autoincrement=True, nullable=False),
        sa.Column("activity", sa.String(length=2100), nullable=False),
        sa.Column("actor", sa.String(length=2100), nullable=False),
        sa.Column("how", sa.String(length=20), nullable=False),
        sa.Column("body", sa.LargeBinary(), nullable=True),
        sa.Column("received_at", UtcDateTime(), nullable=False),
        sa.Column("due_at", UtcDateTime(), nullable=True),
        sa.Column("tries", sa.Integer(), nullable=False),
        sa.Column("verdict", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_received")),
        sa.UniqueConstraint("activity", name=op.f("uq_received_activity")),
    )
    op.create_index(
        "ix_received_bodies",
        "received",
        ["received_at"],
        unique=False,
        sqlite_where=sa.text("body IS NOT NULL"),
        postgresql_where=sa.text("body IS NOT NULL"),
    )
    op.create_index(
        "ix_received_due",
        "received",
        ["due_at", "id"],
        unique=False,
        sqlite_where=sa.text("due_at IS NOT NULL"),
        postgresql_where=sa.text("due_at IS NOT NULL"),
    )
    op.create_table(
        "recipients",
        sa.Column("object", sa.String(length=2100), nullable=False),
        sa.Column("inbox", sa.String(length=2100), nullable=False),
        sa.PrimaryKeyConstraint("object", "inbox", name=op.f("pk_recipients")),
    )
    op.create_table(
        "remote_actors",
        sa.Column("uri", sa.String(length=2100), nullable=False),
        sa.Column("origin", sa.String(length=300), nullable=False),
        sa.Column("type", sa.String(length=20), nullable=False),
        sa.Column("handle", sa.String(length=300), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("summary", sa.Text(), nullable=False),
        sa.Column("url", sa.String(length=2100), nullable=False),
        sa.Column("inbox", sa.String(length=2100), nullable=False),
        sa.Column("shared_inbox", sa.String(length=2100), nullable=False),
        sa.Column("outbox", sa.String(length=2100), nullable=False),
        sa.Column("key_id", sa.String(length=2100), nullable=False),
        sa.Column("key_pem", sa.Text(), nullable=False),
        sa.Column("fetched_at", UtcDateTime(), nullable=False),
        sa.PrimaryKeyConstraint("uri", name=op.f("pk_remote_actors")),
    )
    op.create_index(op.f("ix_remote_actors_key_id"), "remote_actors", ["key_id"], unique=False)
    op.create_table(
        "sources",
        sa.Column("uri", sa.String(length=2100), nullable=False),
        sa.Column("origin", sa.String(length=300), nullable=False),
        sa.Column("whole_origin", sa.Boolean(), nullable=False),
        sa.Column("follow", sa.String(length=2100), nullable=False),
        sa.Column("state", sa.String(length=20), nullable=False),
        sa.Column("added_at", UtcDateTime(), nullable=False),
        sa.Column("read_at", UtcDateTime(), nullable=True),
        sa.Column("error", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("uri", name=op.f("pk_sources")),
    )
    op.create_index(op.f("ix_sources_origin"), "sources", ["origin"], unique=False)
    op.create_table(
        "things",
        sa.Column("uri", sa.String(length=2100), nullable=False),
        sa.Column("id", sa.String(length=40), nullable=False),
        sa.Column("kind", sa.String(length=20), nullable=False),
        sa.Column("actor", sa.String(length=2100), nullable=False),
        sa.Column("local", sa.Boolean(), nullable=False),
        sa.Column("body", sa.LargeBinary(), nullable=False),
        sa.Column("version", UtcDateTime(), nullable=False),
        sa.Column("published_at", UtcDateTime(), nullable=True),
        sa.Column("expires_at", UtcDateTime(), nullable=True),
        sa.Column("key", sa.String(length=200), nullable=True),
        sa.Column("draft", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("uri", name=op.f("pk_things")),
        sa.UniqueConstraint("id", name=op.f("uq_things_id")),
    )
    op.create_index(op.f("ix_things_actor"), "things", ["actor"], unique=False)
    op.create_index(
        "ix_things_expiry",
        "things",
        ["expires_at"],
        unique=False,
        sqlite_where=sa.text("local AND expires_at IS NOT NULL"),
        postgresql_where=sa.text("local AND expires_at IS NOT NULL"),
    )
    op.create_index(
        "uq_things_key",
        "things",
        ["actor", "key"],
        unique=True,
        sqlite_where=sa.text("key IS NOT NULL"),
        postgresql_where=sa.text("key IS NOT NULL"),
    )
    op.create_table(
        "tombstones",
        sa.Column("uri", sa.String(length=2100), nullable=False),
        sa.Column("former_type", sa.String(length=40), nullable=False),
        sa.Column("deleted_at", UtcDateTime(), nullable=False),
        sa.PrimaryKeyConstraint("uri", name=op.f("pk_tombstones")),
    )


def downgrade() -> None:
    for table in (
        "tombstones",
        "things",
        "sources",
        "remote_actors",
        "recipients",
        "received",
        "published",
        "local_actors",
        "lanes",
        "jobs",
        "instance",
        "hosts",
        "followers",
        "documents",
    ):
        op.drop_table(table)
    if op.get_context().dialect.name == "postgresql":
        op.execute(sa.schema.DropSequence(sa.Sequence("documents_change")))
