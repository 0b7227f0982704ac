"""Releases of one study as a folder for a coding tool: files, an attributes table and a README.

Each format has a folder of its own, so that all files in it can be chosen at once. A project holds
all releases together.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from textwrap import wrap

from transcriber.domain.redacted import RedactedTranscript
from transcriber.exports.attributes_csv import write_attributes
from transcriber.exports.formats import FORMATS, STORED
from transcriber.exports.presets import Preset
from transcriber.exports.refi.package import write_project
from transcriber.exports.release_json import ReleasedText, write_taken
from transcriber.exports.wording import file_stem, marks, one_line

PROJECT = "qdpx"
ATTRIBUTES = "attributes.csv"
README = "README.txt"

_FOUND = (
    "Did you find something that should not be here? Do not quote it. Say the code and the number "
    "of the turn to whoever gave you this, so that every copy can be taken back."
)


def write_bundle(
    texts: Sequence[ReleasedText], formats: Iterable[str], preset: Preset | None = None
) -> Mapping[str, bytes]:
    """Return files by path, `docx/FG01.docx`; the same releases give the same bytes.

    There is at least one text, each has a code of its own, and all are of one study. JSON says how
    each was checked, so that whoever has it can give it on as a release.
    Raises ValueError for a label that is not capitals, digits and underscores.
    """
    transcripts = [text.transcript for text in texts]
    chosen = tuple(dict.fromkeys(formats))
    files = {ATTRIBUTES: write_attributes(transcripts)}
    for key in chosen:
        if key == PROJECT:
            name = file_stem(transcripts[0].code) if len(transcripts) == 1 else "study"
            files[f"{key}/{name}.{key}"] = write_project(transcripts)
        else:
            for text in texts:
                path = f"{folder_of(key)}/{file_stem(text.transcript.code)}.{key}"
                files[path] = (
                    write_taken(text) if key == STORED else FORMATS[key].write(text.transcript)
                )
    files[README] = "".join(f"{line}\n" for line in _readme(transcripts, chosen, preset)).encode()
    return files


def folder_of(key: str) -> str:
    """Return the folder of a format: no dot, which some systems take for a file's ending."""
    return key.replace(".", "-")


def _readme(
    transcripts: Sequence[RedactedTranscript], formats: Sequence[str], preset: Preset | None
) -> Iterator[str]:
    study, tool = one_line(transcripts[0].study), f" for {preset.tool}" if preset else ""
    yield from _wrapped(f"{study} - transcripts{tool}" if study else f"Transcripts{tool}")
    yield ""
    for each in transcripts:
        yield from _wrapped(f"{each.code} - {', '.join(marks(each))}")
    yield ""
    yield "What is here"
    for key in formats:
        purpose = preset.formats.get(key) if preset else None
        named = f"{folder_of(key)} - {FORMATS[key].label}"
        yield from _wrapped(f"{named}, {purpose or FORMATS[key].purpose}", "  ")
    yield from _wrapped(f"{ATTRIBUTES} - who takes part, by label, counted from the talk", "  ")
    if preset:
        yield ""
        yield f"How to bring it into {preset.tool}"
        for number, step in enumerate(preset.steps, start=1):
            yield from _wrapped(f"{number}. {step}", "  ")
    yield ""
    yield from wrap(_FOUND, 78)


def _wrapped(text: str, indent: str = "") -> list[str]:
    return wrap(text, 78, initial_indent=indent, subsequent_indent=f"{indent}  ")
