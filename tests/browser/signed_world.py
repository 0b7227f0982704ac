"""Recordings on their way out: one that is half checked, one that was released and withdrawn."""

from dataclasses import dataclass
from pathlib import Path

from tests.checked import LINES, Checked, recording_to_check
from transcriber.domain.edit import FindingRejected
from transcriber.services.review.sign_off import sign
from transcriber.services.review.standing import standing
from transcriber.services.review.withdraw import withdraw
from transcriber.services.store import Store

LONG: tuple[tuple[str | None, str], ...] = (
    *LINES,
    ("P02", "This is off the record but my number is 4471 and I am a midwife on nights."),
    ("MOD", "Thank you."),
    ("P01", "Well, anyway, Dr Mbeki-Oyelaran said it was confidential, and let us go on."),
    *((("MOD", "And how was that?"), ("P01", "It was hard at first, and then it was not.")) * 30),
)


@dataclass(frozen=True)
class SignedWorld:
    """What is there."""

    half: Checked
    released: Checked
    withdrawn_id: str
    release_id: str


def make_signed_world(store: Store, folder: Path, account_id: str) -> SignedWorld:
    """Make both, led by an account."""
    half = recording_to_check(
        store, folder, account_id, lines=LONG, policies=("default", "archive")
    )
    half.accept_all()
    done = recording_to_check(store, folder, account_id, policies=("default", "open"))
    done.all_passes()
    first = _signed(done)
    withdraw(store, account_id, done.study_id, first, "The name of her sister was in it.")
    ids = done.ids()
    done.decide(FindingRejected(ids[6], ids[6]))
    done.withhold(12, 14)
    done.read_all()
    return SignedWorld(half, done, first, _signed(done))


def _signed(checked: Checked) -> str:
    now = standing(checked.store, *checked.here)
    release = sign(checked.store, checked.actor_id, *checked.here, now.seen).release_id
    assert release is not None
    return release


def signed_places(world: SignedWorld) -> dict[str, str]:
    """Return the pages, by name."""
    half, done = world.half, world.released
    one, other = f"/studies/{half.study_id}", f"/studies/{done.study_id}"
    recording = f"{one}/recordings/{half.recording_id}"
    return {
        "checking": f"{one}/checking",
        "checking-none-of-them": f"{one}/checking?show=signed-off",
        "review-half-checked": f"{recording}/review",
        "history": f"{recording}/review/history",
        "history-compared": f"{other}/recordings/{done.recording_id}/review/history/0",
        "voices-half-checked": f"{recording}/voices",
        "pictures": f"{recording}/pictures",
        "blind": f"{recording}/blind",
        "sample": f"{recording}/sample",
        "names-found-half-checked": f"{one}/names-found",
        "read": f"{recording}/read",
        "sign-off": f"{recording}/sign-off",
        "sign-off-text": f"{recording}/sign-off/text?profile=archive",
        "sign-off-done": f"{other}/recordings/{done.recording_id}/sign-off",
        "participant-copy": f"{recording}/copy",
        "released": f"{other}/released",
        "released-empty": f"{one}/released",
        "release": f"{other}/releases/{world.release_id}",
        "release-text": f"{other}/releases/{world.release_id}/text?profile=open",
        "release-withdrawn": f"{other}/releases/{world.withdrawn_id}",
    }
