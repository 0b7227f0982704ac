"""All tables together: what revisions make and what is compared with them."""

from transcriber.storage.database import (
    account_tables,
    columns,
    consent_tables,
    echo_tables,
    hand_off_tables,
    retention_tables,
    review_tables,
    sample_tables,
    service_tables,
    sighting_tables,
    sign_off_tables,
    tables,
    upload_tables,
    withdrawal_tables,
)

MODULES = (
    tables,
    account_tables,
    service_tables,
    upload_tables,
    review_tables,
    sign_off_tables,
    sample_tables,
    retention_tables,
    sighting_tables,
    hand_off_tables,
    withdrawal_tables,
    echo_tables,
    consent_tables,
)
METADATA = columns.METADATA
"""Complete once the modules above are imported, which importing this one does."""
