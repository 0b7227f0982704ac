"""What is wrong with a media file, from what the child reported, in sentences for people."""

import logging
from collections.abc import Mapping

from transcriber.domain.errors import EngineFailed, InputError, StorageError
from transcriber.domain.recording import Trim

_LOG = logging.getLogger(__name__)

Message = Mapping[str, object]
"""One line of the child."""

_MIN_MS = 500  # shorter than any sentence: a slip of the thumb

# A few packets at the end may be padding: a file is called cut short only beyond both.
_MISSING_SHARE = 0.02
_MISSING_MS = 1_000

_AGAIN = "Nothing was stored. Record or export it again and drop it here."
_SENTENCES = {
    "empty": f"This file is empty. {_AGAIN}",
    "not_found": "This file does not exist. Check where it is and try again.",
    "is_directory": "This is a folder, not a recording. Name the recordings inside it.",
    "not_a_file": "This is not an ordinary file, so it cannot be a recording. Name a file.",
    "not_readable": "This file may not be read. Ask whoever owns it to give you access.",
    "not_sound": "This file does not hold a recording, whatever its name says. "
    "Nothing was stored. Drop a WAV, MP3, M4A, FLAC or OGG file here.",
    "incomplete": "This recording was cut off before it was finished, so it cannot be played. "
    "Nothing was stored. Copy it from the recorder again and drop it here.",
    "no_audio": "This file has no sound track. Nothing was stored. Drop one with sound here.",
    "unsupported": "The sound in this file is of a kind that cannot be read. Nothing was stored. "
    "Export it as WAV or MP3 and drop it here.",
    "unreadable": f"Most of this recording is damaged and cannot be read. {_AGAIN}",
    "too_demanding": "This file needs more memory than any recording should. Nothing was stored. "
    "Export it as WAV or MP3 and drop it here.",
    "too_slow": "Reading this file took longer than any recording should. Nothing was stored. "
    "Export it as WAV or MP3 and drop it here.",
    "crashed": "This file is damaged in a way that stopped the program that reads it. "
    "Nothing was stored. Export it as WAV or MP3 and drop it here.",
}


def number(message: Message, key: str) -> int:
    """Return a number that the child reported, 0 when it is not one."""
    value = message.get(key)
    return max(0, value) if isinstance(value, int) else 0


def raise_for_fault(result: Message, max_duration_ms: int) -> None:
    """Raise InputError or StorageError when the child reported that it could not go on."""
    fault = result.get("fault")
    if fault == "write":
        raise StorageError.of(number(result, "errno"))
    if fault == "too_long":
        raise InputError(
            "too_long",
            f"This recording is longer than {_length(max_duration_ms)}, which is the most "
            "that can be taken. Nothing was stored. Cut it into parts and drop them here.",
        )
    if fault == "no_track":
        raise InputError(
            "no_track",
            f"Fewer tracks are in this recording than were asked for: {number(result, 'tracks')}. "
            "Nothing was stored. Check which of the files have a track for each speaker.",
        )
    if fault is not None:
        raise input_error(str(fault) if str(fault) in _SENTENCES else "crashed")
    if "passed_ms" not in result:
        raise input_error("crashed")


def judge(result: Message, passed_ms: int, trim: Trim) -> None:
    """Refuse a track that is cut short or mostly damaged, as far as it was wanted.

    `passed_ms` is how much of it was gone through. Raises InputError.
    """
    stated_ms = number(result, "declared_ms")
    wanted_ms = stated_ms if trim.stop_ms is None else min(stated_ms, trim.stop_ms)
    present_ms = max(passed_ms, number(result, "present_ms"))
    if wanted_ms - present_ms > max(_MISSING_MS, wanted_ms * _MISSING_SHARE):
        raise InputError(
            "truncated",
            f"This recording is cut short: {_length(present_ms)} of {_length(stated_ms)} are "
            "there. Nothing was stored. Copy it from the recorder again and drop it here.",
        )
    if not stated_ms and number(result, "broke_off"):
        raise InputError(
            "truncated",
            f"This recording breaks off after {_length(passed_ms)}. "
            "Nothing was stored. Copy it from the recorder again and drop it here.",
        )
    lost = number(result, "lost_packets")
    if lost and number(result, "lost_ms") * 2 >= passed_ms:
        raise input_error("unreadable")
    if lost:
        _LOG.warning("%d damaged packets of a recording were replaced by silence", lost)


def judge_length(passed_ms: int, trim: Trim) -> None:
    """Refuse a recording that is too short to be one. Raises InputError."""
    if passed_ms < min(_MIN_MS, trim.stop_ms or _MIN_MS):
        raise InputError(
            "too_short",
            f"This recording lasts {passed_ms / 1000:.1f} seconds, too short to hold speech. "
            f"{_AGAIN}",
        )


def _length(duration_ms: int) -> str:
    """Write a length for people, such as `1 h 5 min` or `12.5 s`."""
    if duration_ms < 60_000:
        return f"{duration_ms / 1000:.1f} s"
    minutes, seconds = divmod(duration_ms // 1000, 60)
    hours, minutes = divmod(minutes, 60)
    parts = ((hours, "h"), (minutes, "min"), (seconds if not hours else 0, "s"))
    return " ".join(f"{number} {unit}" for number, unit in parts if number)


def engine_failed() -> EngineFailed:
    """Return the error for a child that cannot be run at all."""
    return EngineFailed(
        "decoder_failed",
        "The program that reads recordings did not start. "
        "Ask IT to install Transcriber again with all that it needs.",
    )


def input_error(code: str) -> InputError:
    """Return the error for one of the known reasons to refuse a file."""
    return InputError(code, _SENTENCES[code])
