"""What pages say of words that may repeat what a participant withdrew."""

from transcriber.domain.echo import Echo, Ground
from transcriber.web.words import counted


def why(echo: Echo) -> str:
    """Say why words are listed; which words both used is known to nobody any more."""
    both = counted(echo.shared, "word", "words")
    if echo.ground is Ground.NAMES:
        return "mentions them"
    if echo.ground is Ground.REFERS:
        return "refers back to somebody" + (f", and has {both} of theirs" if echo.shared else "")
    return f"has {both} of theirs"
