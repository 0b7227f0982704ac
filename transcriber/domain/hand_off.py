"""Where releases go by themselves once they are signed, and what is brought there."""

from enum import StrEnum


class DestinationKind(StrEnum):
    """What a destination is. Programs that only want to be told have webhooks."""

    FOLDER = "folder"
    BUCKET = "bucket"


class Handed(StrEnum):
    """What is brought: a release, or the notice that it was taken back."""

    RELEASE = "release"
    RECALL = "recall"
