"""The file of a release, for tests of what is done with one."""

from transcriber.domain.recording import Kind
from transcriber.domain.redacted import Checked, RedactedTranscript, RedactedTurn, Token
from transcriber.domain.transcript import Coverage, Quality
from transcriber.exports.release_json import text_sha256, write_release


def release_bytes(
    *lines: tuple[str, str],
    code: str = "FG01",
    study: str = "Feeding",
    kind: Kind | None = None,
    signed_by: str | None = None,
) -> bytes:
    """A release of made-up talk, each line a label and words of a second each."""
    now_ms, turns = 0, []
    for label, line in lines or (("P01", "hello"),):
        tokens = []
        for text in line.split():
            tokens.append(Token(text, now_ms, now_ms + 1_000))
            now_ms += 1_000
        turns.append(RedactedTurn(label, tuple(tokens)))
    transcript = RedactedTranscript(
        code=code,
        study=study,
        language="en",
        quality=Quality.FULL,
        checked=Checked.YES,
        duration_ms=now_ms,
        coverage=Coverage(now_ms),
        turns=tuple(turns),
        kind=kind,
    )
    manifest = {
        "signed": [{"account": signed_by, "at_ms": 0}] if signed_by else [],
        "heard_ms": now_ms,
        "speech_ms": now_ms,
        "read_turns": len(turns),
        "turns": len(turns),
        "bulk": {"accepted": 0, "read": 0},
        "replaced": {},
        "withheld": [],
        "leak_check": {"verdict": "pass", "looked_at": 0},
        "draft_override": None,
        "text_sha256": text_sha256(transcript),
    }
    return write_release(transcript, manifest)
