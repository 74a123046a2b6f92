"""The search learns of offers that came before what their own words say about times, where nothing else was stated."""

from fediverse_ehrenamt.storage.migrations.versions import v0039_first_days as described_anew

revision = "0046"
down_revision = "0045"
branch_labels = None
depends_on = None


def upgrade() -> None:
    described_anew.downgrade()  # it may wait still, and once is enough
    described_anew.upgrade()


def downgrade() -> None:
    described_anew.downgrade()
