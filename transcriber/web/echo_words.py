"""What pages say of words that may repeat what a participant withdrew."""

from transcriber.domain.echo import Echo, Ground
from transcriber.web.words import counted


def why(echo: Echo) -> str:
    """Say why words are listed; which words both used is known to nobody any more."""
    shares = f"shares {counted(echo.shared, 'word', 'words')} with what they said"
    if echo.ground is Ground.NAMES:
        return "mentions them"
    if echo.ground is Ground.ANSWERS:
        return "answers them directly"
    if echo.ground is Ground.REFERS:
        return "refers back to what was said" + (f", and {shares}" if echo.shared else "")
    return shares
