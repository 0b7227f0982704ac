"""What is drawn at random to judge the checking itself."""

from enum import StrEnum


class SampleKind(StrEnum):
    """A finding hidden from the reviewer, a stretch marked blind, one corrected by its sound."""

    HIDDEN = "hidden"
    BLIND = "blind"
    HEARD = "heard"
