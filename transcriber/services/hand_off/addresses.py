"""Addresses of destinations: within what the settings allow, and the place behind each."""

from collections.abc import Iterable
from pathlib import Path
from urllib.parse import parse_qs, urlsplit

from transcriber.domain.errors import UsageError
from transcriber.domain.hand_off import DestinationKind
from transcriber.services.settings import HandOffSettings
from transcriber.storage.hand_off.place import HandOffPlace, SharedBucket, SharedFolder

LONGEST_ADDRESS = 1000


def kind_of(address: str) -> DestinationKind:
    """Tell a bucket from a folder."""
    return DestinationKind.BUCKET if "://" in address else DestinationKind.FOLDER


def open_place(address: str, settings: HandOffSettings) -> HandOffPlace:
    """Return the place at an address, `/folder` or `s3://bucket/prefix`.

    Whoever manages a study may write within what IT allows and nowhere else: the service may write
    to more than they may. Links in a path are followed first. Raises UsageError `bad_destination`.
    """
    if len(address) > LONGEST_ADDRESS or not address.isprintable():
        raise _refused(settings)
    if kind_of(address) is DestinationKind.BUCKET:
        return _bucket(address, settings)
    folder = Path(address)
    if not folder.is_absolute() or not _within(folder.resolve(), settings.folders):
        raise _refused(settings)
    return SharedFolder(folder.resolve())


def _within(folder: Path, roots: Iterable[Path]) -> bool:
    return any(folder.is_relative_to(root.resolve()) for root in roots)


def _bucket(address: str, settings: HandOffSettings) -> HandOffPlace:
    """Return a bucket; its server is that of the setting and never one that somebody names."""
    parts = urlsplit(address)
    path = f"{parts.netloc}{parts.path.rstrip('/')}"
    steps = path.split("/")
    plain = parts.scheme == "s3" and not parts.query and not parts.fragment
    for allowed in settings.buckets if plain else ():
        root = urlsplit(allowed)
        before = f"{root.netloc}{root.path.rstrip('/')}".split("/")
        if steps[: len(before)] == before and not {"", ".", ".."} & set(steps):
            return SharedBucket(path, parse_qs(root.query).get("endpoint", [None])[0])
    raise _refused(settings)


def _refused(settings: HandOffSettings) -> UsageError:
    if not settings.folders and not settings.buckets:
        return UsageError(
            "bad_destination",
            "This service may bring releases nowhere yet. Ask IT to allow a folder or a bucket in "
            "the setting hand_off.",
        )
    return UsageError(
        "bad_destination",
        "Releases may not be brought there. Give a folder or bucket within those that IT allows, "
        "such as /srv/releases/study or s3://releases/study.",
    )
