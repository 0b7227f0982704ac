"""Names for things that tell nothing about them."""

import secrets


def new_id() -> str:
    """Return 128 random bits in hexadecimal: nobody guesses one, and no two are alike."""
    return secrets.token_hex(16)


def new_secret() -> str:
    """Return 256 random bits in 43 characters that any URL or header takes as they are."""
    return secrets.token_urlsafe(32)
