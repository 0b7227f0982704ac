"""What a release says of itself: how its text was made and checked, in counts, times and ids.

Nobody's name is in it, no path, and no name or hash of a file that was uploaded.
"""

from collections.abc import Mapping, Sequence
from dataclasses import asdict
from pathlib import PurePath
from typing import Any

from sqlalchemy import Connection

from transcriber import __version__
from transcriber.domain.convention import FULL
from transcriber.domain.policy import Policy
from transcriber.domain.review import FindingState
from transcriber.exports.release_json import ReleasedText, text_sha256
from transcriber.services.review.blind import BlindResult
from transcriber.services.review.estimate import Left
from transcriber.services.review.released import Released
from transcriber.services.review.standing import Standing, replaced_in
from transcriber.storage.database.memberships import role_in
from transcriber.storage.database.sign_offs import Signature

LEFT_OUT = frozenset({"parts", "took_ms"})
"""What the provenance of a transcript holds and a release does not: hashes of what was uploaded,
and how busy a machine was."""


def release_facts(  # all that is known of a text
    now: Standing,
    signed: Sequence[Mapping[str, Any]],
    left: Left,
    second: BlindResult,
    sound: Mapping[str, Any] | None,
) -> Mapping[str, Any]:
    """Return how the text that is signed was made and checked.

    `left` is what may be left in the recordings of the study that were signed off before, `second`
    how a second reviewer's marks agree with what is signed, `sound` what is not heard in the sound,
    None where it does not leave.
    """
    progress, done, panel = now.released.review.progress, now.passes, now.panel
    checking = now.released.terms.checking
    words = now.released.review.transcript.words
    return {
        "transcriber": __version__,
        "kind": now.released.recording.kind.value,
        "made_by": _made_by(now.released),
        "convention": FULL.name,
        **_of_policy(now.released),
        "profiles_left_out": list(now.left_out),
        "events": now.seen,
        "asked_for": {
            "entities": checking.entities,
            "listening": checking.listening.value,
            "cold_read": checking.cold_read,
            "second_reviewer": checking.second_reviewer,
        },
        "heard_ms": progress.heard_ms,
        "speech_ms": progress.speech_ms,
        "read_turns": done.cold_read.done,
        "turns": done.cold_read.total,
        "words": _words(now.released),
        "bulk": {"accepted": done.bulk_accepted, "read": done.bulk_read},
        "findings": _findings(now.released),
        "withheld": [
            {
                "start_ms": words[passage.first_word].start_ms,
                "end_ms": words[passage.last_word].end_ms,
            }
            for passage in now.released.withheld
        ],
        "leak_check": {
            "verdict": panel.check.verdict.value,
            "looked_at": sum(seen.looked for seen in panel.leaks)
            + sum(seen.looked for seen in panel.pleas),
        },
        "second_review": second_review_record(second),
        "signed": list(signed),
        "estimate": estimate_record(left),
        "draft_override": now.override
        and {
            "account": now.override.decided_by,
            "at_ms": now.override.created_at_ms,
            "reason": now.override.reason,
        },
        "sound": sound,
        "text_sha256": now.text_sha256,
    }


def released_texts(now: Standing, facts: Mapping[str, Any]) -> tuple[ReleasedText, ...]:
    """Return the text that is signed and those by further policies, each with its facts.

    Sound goes with the text that is signed: what another policy leaves out as well is heard in it.
    """
    return (
        ReleasedText(now.text, facts),
        *(
            ReleasedText(each.text, {**facts, "sound": None, **_of_policy(each)})
            for each in now.profiles
        ),
    )


def _of_policy(text: Released) -> dict[str, Any]:
    """Return the facts that another policy makes other ones."""
    return {
        "policy": _policy(text.policy),
        "replaced": dict(sorted(replaced_in(text).items())),
        "text_sha256": text_sha256(text.text),
    }


def signature_records(
    connection: Connection, study_id: str, signatures: Sequence[Signature]
) -> list[Mapping[str, Any]]:
    """Return who signed: the id of the account, its role in the study, and when."""
    records: list[Mapping[str, Any]] = []
    for signature in signatures:
        role = role_in(connection, study_id, signature.signed_by)
        records.append(
            {
                "account": signature.signed_by,
                "role": None if role is None else role.value,
                "at_ms": signature.created_at_ms,
            }
        )
    return records


def estimate_record(left: Left) -> Mapping[str, Any] | None:
    """Return what may be left, with its interval of 95 %; None where nothing can be said."""
    found = left.remaining
    if not found.caught.of:
        return None
    return {
        "recordings": left.recordings,
        "hidden": found.caught.of,
        "caught": found.caught.hits,
        "found_anew": found.finds,
        "left_low": found.low,
        "left_high": found.high,
    }


def second_review_record(result: BlindResult) -> Mapping[str, Any] | None:
    """Return how a second reviewer agrees, None where nobody looked a second time."""
    if not result.stretches:
        return None
    return {
        "stretches": result.stretches,
        "clean": result.clean,
        "all_stretches": result.all_stretches,
        "words": asdict(result.alike),
    }


def _made_by(found: Released) -> Mapping[str, Any]:
    provenance = found.review.fold.raw.provenance
    return {key: value for key, value in provenance.items() if key not in LEFT_OUT}


def _policy(policy: Policy) -> Mapping[str, Any]:
    return {
        "name": policy.name,
        "style": policy.style.value,
        "locale": policy.locale.value,
        "types": {
            kind.value: f"{action.value}: {policy.levels[kind]}"
            if kind in policy.levels
            else action.value
            for kind, action in sorted(policy.actions.items())
        },
        # A model may be named by its folder: where that lies is nobody's business.
        "models": [
            {"kind": model.kind.value, "name": PurePath(model.name).name} for model in policy.models
        ],
    }


def _words(found: Released) -> Mapping[str, int]:
    """Count the machine's words, and those that a person changed or gave to somebody else."""
    raw, now = found.review.fold.raw.words, found.review.transcript.words
    pairs = list(zip(raw, now, strict=True))
    return {
        "said": len(raw),
        "corrected": sum(was.text != is_now.text for was, is_now in pairs),
        "given_to_another": sum(was.speaker != is_now.speaker for was, is_now in pairs),
        "released": found.text.words,
    }


def _findings(found: Released) -> Mapping[str, int]:
    judged = found.review.findings
    return {
        "marked_by_a_person": sum(each.state is FindingState.ADDED for each in judged),
        "found_anew": sum(each.missed for each in judged),
        "kept_on_purpose": sum(each.state is FindingState.REJECTED for each in judged),
    }
