"""How a study labels those who take part."""

from enum import StrEnum


class Labels(StrEnum):
    """Whether somebody keeps one label in everything that he or she takes part in.

    Linking helps a study to follow a person, and helps colleagues to re-identify one: whoever sat
    in a group knows what P07 said there, and then finds P07's own interview (issue 5).
    """

    LINKED = "linked"
    UNLINKED = "unlinked"
