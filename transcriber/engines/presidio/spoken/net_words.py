"""Words of which spoken addresses are made, and those that are never part of one."""

from collections.abc import Sequence

from transcriber.stages.number_words import DIGITS
from transcriber.stages.words import word_set

CONNECTORS = frozenset(["dot", "point", "underscore", "dash", "hyphen"])
WRITTEN_CONNECTORS = (".", "_", "-")
SURE_ENDINGS = word_set("com org net uk ie edu gov info eu example scot wales london co ac nhs io")
ENDINGS = SURE_ENDINGS | word_set("me us tv school sch")
PROVIDERS = word_set(
    "gmail googlemail hotmail outlook yahoo icloud btinternet live aol protonmail virginmedia "
    "talktalk eircom ymail rocketmail nhsnet hotmailcom gmailcom msn comcast verizon"
)
SCHEMES = (
    ("double", "u", "double", "u", "double", "u"),
    ("double", "you", "double", "you", "double", "you"),
    ("h", "t", "t", "p", "s", "colon", "slash", "slash"),
    ("h", "t", "t", "p", "colon", "slash", "slash"),
    ("https", "colon", "slash", "slash"),
    ("http", "colon", "slash", "slash"),
    ("triple", "w"),
    ("w", "w", "w"),
)
"""What begins a web address, longest first."""
ASIDES = tuple(
    tuple(phrase.split())
    for phrase in (
        "thats all lower case",
        "thats all one word",
        "all in lower case",
        "all as one word",
        "all lower case",
        "all lowercase",
        "all one word",
        "with no dots",
        "with no spaces",
        "with no gaps",
        "no spaces",
        "no space",
        "no dots",
        "lower case",
        "lowercase",
        "one word",
        "all small letters",
        "all together",
        "no capitals",
        "in capitals",
    )
)
"""What people say of an address in the middle of it."""
LEADS = frozenset(["at", "is", "to", "on"])
LED_BY = frozenset(
    [
        "it",
        "its",
        "is",
        "site",
        "website",
        "page",
        "go",
        "look",
        "address",
        "us",
        "petition",
        "online",
    ]
)
"""What says that a web address comes, so that words of the sentence are no longer any."""
HANDLE_CUES = word_set(
    "insta instagram twitter tiktok tok snapchat snap handle username discord twitch threads "
    "bluesky mastodon youtube linkedin skype gamertag facebook pinterest telegram "
    "venmo cashapp paypal zelle whatsapp"
)
NO_PART = word_set(
    "is its it at on to me my email emails mail address that thats so and yeah the or also just im "
    "under contact use send name be was okay ok yes right i you your we he she they with about in "
    "of for from a an are if because but not no this there then when what who which can could "
    "would will do did see go gone look looked called call e sent got get have has had put try "
    "website site page online here please oh well now all"
) | frozenset(["erm", "er", "um", "uh", "mm"])
"""Words around an address that are no part of it."""


def written_form(keys: Sequence[str], labels: frozenset[int], first: int) -> str:
    """Return a spoken address about as it is written, so that mentions of one compare."""
    pieces: list[str] = []
    for number, key in enumerate(keys, first):
        if number in labels or key in ("erm", "er", "um", "uh", "mm", "full"):
            continue
        pieces.append(
            _SIGNS.get(key) or (str(DIGITS[key]) if len(key) > 1 and key in DIGITS else key)
        )
    return "".join(pieces).strip("@")


_SIGNS = {
    "dot": ".", "point": ".", "stop": ".", "underscore": "_", "dash": "-", "hyphen": "-",
    "slash": "/", "at": "@",
}  # fmt: skip
