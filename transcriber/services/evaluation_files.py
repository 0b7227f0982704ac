"""Which prediction belongs to which gold, and how their files are read."""

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from transcriber.domain.errors import InputError, UsageError
from transcriber.domain.finding import Finding
from transcriber.domain.interval import Interval
from transcriber.domain.transcript import Transcript, Turn, Word
from transcriber.evaluation.ctm import read_ctm
from transcriber.evaluation.gold_mentions import read_gold_mentions
from transcriber.evaluation.labelled_text import read_labelled_text
from transcriber.evaluation.redaction import Mention
from transcriber.evaluation.rttm import read_rttm
from transcriber.evaluation.speech import Spoken, Utterance
from transcriber.evaluation.stm import read_stm
from transcriber.evaluation.uem import read_uem
from transcriber.exports.documents.cues import VTT_MARKUP, Cue, annotations, visible
from transcriber.exports.documents.opening import open_document
from transcriber.exports.documents.plain import decode
from transcriber.exports.documents.vtt import open_vtt
from transcriber.exports.findings_json import read_findings
from transcriber.exports.jsonbytes import load
from transcriber.exports.transcript_json import SCHEMA, read_transcript

GOLD_MENTIONS = ".gold.json"
WORDS = (".transcript.json", ".json", ".stm", ".ctm", ".vtt", ".srt", ".txt")
TURNS = (".rttm", ".transcript.json", ".json")
FINDINGS = (".findings.json",)
_OTHER_FILES = (".text.txt", ".findings.json", ".edits.json", GOLD_MENTIONS)

LONGEST_PAUSE_MS = 500
"""Words of one speaker further apart are two turns: half a second is heard as a pause."""


@dataclass(frozen=True, slots=True)
class Pair:
    """Gold and prediction of one recording or text; `pred` is None when there is none."""

    name: str
    gold: Path
    pred: Path | None


def pairs(
    gold: Path, pred: Path, gold_endings: tuple[str, ...], endings: tuple[str, ...]
) -> list[Pair]:
    """Pair files by name without ending, in the order of names.

    Of several files of one name the first ending counts. Predictions are looked for in `pred` and
    in its folder `private`. Two files are a pair whatever their names. Raises InputError
    `not_found` and UsageError `no_gold` or `folder_and_file`.
    """
    for path in (gold, pred):
        if not path.exists():
            raise InputError(
                "not_found",
                "GOLD or PRED does not exist. Check both paths and run the command again.",
            )
    if not gold.is_dir():
        name = _name(gold, gold_endings) or gold.stem
        return [Pair(name, gold, _prediction(name, pred, endings) if pred.is_dir() else pred)]
    if not pred.is_dir():
        raise UsageError(
            "folder_and_file", "GOLD is a folder and PRED is a file. Name two folders or two files."
        )
    found: dict[str, Path] = {}
    for ending in gold_endings:
        for path in sorted(gold.iterdir()):
            name = _name(path, (ending,))
            if name:
                found.setdefault(name, path)
    if not found:
        raise UsageError(
            "no_gold",
            f"The folder GOLD holds no gold: files that end in {', '.join(gold_endings)}.",
        )
    return [Pair(name, found[name], _prediction(name, pred, endings)) for name in sorted(found)]


def _name(path: Path, endings: tuple[str, ...]) -> str:
    """Return the file's name without its ending, "" when it has none of these."""
    for ending in endings:
        other = ending not in _OTHER_FILES and path.name.lower().endswith(_OTHER_FILES)
        if path.name.lower().endswith(ending) and not other:
            name = path.name[: -len(ending)]
            return name.removesuffix(".transcript") if ending == ".json" else name
    return ""


def _prediction(name: str, folder: Path, endings: tuple[str, ...]) -> Path | None:
    for place in (folder / "private", folder):
        for ending in endings:
            if (place / f"{name}{ending}").is_file():
                return place / f"{name}{ending}"
    return None


def spoken(path: Path) -> Spoken:
    """Read the words of a transcript by its name's ending.

    Words that the machine struck out as its own invention are left out. Raises InputError.
    """
    data = content(path)
    if not data.strip():
        return Spoken()
    match path.suffix.lower():
        case ".json":
            return _spoken_json(data)
        case ".stm":
            return Spoken(read_stm(decode(data)))
        case ".ctm":
            return Spoken(read_ctm(decode(data)))
        case ".vtt":
            return Spoken(_spoken_vtt(data))
        case suffix:
            return Spoken(read_labelled_text(open_document(data, suffix).text))


def _spoken_json(data: bytes) -> Spoken:
    value = load(decode(data))
    if isinstance(value, dict) and value.get("schema") == SCHEMA:
        transcript = read_transcript(data)
        words = (word for word in transcript.words if word.struck is None)
        return Spoken(tuple(Utterance(w.speaker, w.text) for w in words), transcript.language)
    turns = value.get("turns") if isinstance(value, dict) else None
    if isinstance(turns, list) and all(_is_turn(turn) for turn in turns):
        return Spoken(tuple(Utterance(turn["speaker"], turn["text"]) for turn in turns))
    return Spoken(read_labelled_text(open_document(data, ".json").text))


def _is_turn(value: object) -> bool:
    """Recognise a turn of the redacted JSON."""
    return isinstance(value, dict) and all(
        isinstance(value.get(key), str) for key in ("speaker", "text")
    )


def _spoken_vtt(data: bytes) -> tuple[Utterance, ...]:
    cues = [item for item in open_vtt(data).contents if isinstance(item, Cue)]
    utterances = tuple(
        Utterance(next(iter(annotations(cue.payload)), None), visible(cue.payload, VTT_MARKUP))
        for cue in cues
    )
    if any(utterance.speaker for utterance in utterances):
        return utterances
    return read_labelled_text("\n".join(utterance.text for utterance in utterances))


def turns(path: Path) -> tuple[Turn, ...]:
    """Read who speaks when from RTTM or a transcript. Raises InputError."""
    data = content(path)
    if not data.strip():
        return ()
    if path.suffix.lower() == ".json":
        return tuple(_transcript_turns(read_transcript(data)))
    return read_rttm(decode(data))


def _transcript_turns(transcript: Transcript) -> Iterator[Turn]:
    """Join words of one speaker; words of nobody and struck words are no turns."""
    run: list[Word] = []
    for word in sorted(transcript.words, key=lambda word: word.start_ms):
        if word.speaker is None or word.struck is not None:
            continue
        apart = run and word.start_ms - run[-1].end_ms > LONGEST_PAUSE_MS
        if run and (apart or word.speaker != run[-1].speaker):
            yield _turn(run)
            run = []
        run.append(word)
    if run:
        yield _turn(run)


def _turn(run: list[Word]) -> Turn:
    end_ms = max(word.end_ms for word in run)
    return Turn(str(run[0].speaker), Interval(run[0].start_ms, end_ms))


def scored_stretches(gold: Path) -> tuple[Interval, ...]:
    """Read the UEM file beside gold turns; nothing when there is none. Raises InputError."""
    path = gold.with_suffix(".uem")
    return read_uem(decode(content(path))) if path.is_file() else ()


def gold_text(gold: Path) -> str:
    """Read the text that gold mentions refer to, NAME.txt beside NAME.gold.json."""
    path = gold.with_name(gold.name[: -len(GOLD_MENTIONS)] + ".txt")
    if not path.is_file():
        raise InputError(
            "no_gold_text",
            "The text file that the gold refers to is not beside it. Put NAME.txt beside "
            "NAME.gold.json.",
        )
    return decode(content(path))


def gold_mentions(gold: Path, text: str) -> tuple[Mention, ...]:
    """Read the gold of one text. Raises InputError."""
    return read_gold_mentions(load(decode(content(gold))), text)


def findings(path: Path, text: str) -> tuple[Finding, ...]:
    """Read findings. Raises InputError, `other_text` when they were not made on `text`."""
    found = read_findings(content(path))
    made_on = path.with_name(path.name.removesuffix(FINDINGS[0]) + ".text.txt")
    same = not made_on.is_file() or content(made_on).decode("utf-8", "replace") == text
    body = (finding for finding in found if finding.part is None)
    if not same or any(text[f.start : f.end] != f.text for f in body):
        raise InputError(
            "other_text",
            "These findings were made on another text than the gold, so their places do not fit. "
            "Redact the gold's own text file and evaluate that.",
        )
    return found


def content(path: Path) -> bytes:
    """Read a file whole. Raises InputError `not_readable`."""
    try:
        return path.read_bytes()
    except OSError:
        raise InputError(
            "not_readable",
            "A file cannot be read. Check who may read it and run the command again.",
        ) from None
