"""The second look at written files: nothing that blocks may stand in any corner of them."""

from collections.abc import Iterable, Iterator, Mapping, Sequence

from transcriber.domain.leak_check import Leak, LeakCheck, Reason, Verdict, in_order
from transcriber.exports.file_corners import Corner, corners
from transcriber.stages.second_look.check import SecondLook

SHORTEST_IN_BYTES = 6
"""Letters of the shortest name that is sought in pictures and other bytes that are no text."""
ENCODINGS = ("utf-8", "utf-16-le", "utf-16-be", "latin-1")
"""In which programs write names among other bytes."""


def check_files(
    files: Mapping[str, bytes], look: SecondLook, file_names: Sequence[str] = ()
) -> LeakCheck:
    """Search written files, by file name, and the names themselves.

    `file_names` are those under which things were uploaded: none may stand anywhere. Only what
    blocks is reported: the talk itself was looked at before it was written. `part` of a place names
    the kind of file and, after `!`, its part: `docx!word/header1.xml`.
    """
    leaks: list[Leak] = list(look.names(("file name", name) for name in files))
    for name, data in files.items():
        for corner in corners(name, data):
            leaks += _known(corner, look)
            leaks += _uploaded(corner, file_names)
    return LeakCheck(in_order(tuple(leaks)))


def _known(corner: Corner, look: SecondLook) -> Iterator[Leak]:
    if corner.name is not None:
        yield from look.names([(corner.part, corner.name)])
    elif corner.text is not None:
        yield from look.originals(corner.text, corner.part)
    elif corner.data is not None:
        for name in _in_bytes(corner.data, _sought(look)):
            yield Leak(Reason.ORIGINAL, Verdict.BLOCK, name, 1, 0, len(name), corner.part)


def _uploaded(corner: Corner, file_names: Sequence[str]) -> Iterator[Leak]:
    """Yield the names of uploaded files; a short or everyday one needs its ending to be one."""
    if corner.data is not None:
        found = list(_in_bytes(corner.data, file_names))
    else:
        text = (corner.text or corner.name or "").casefold()
        found = [name for name in file_names if name.casefold() in text]
    for name in found:
        yield Leak(Reason.METADATA, Verdict.BLOCK, name, 1, 0, len(name), corner.part)


def _in_bytes(data: bytes, names: Iterable[str]) -> Iterator[str]:
    small = data.lower()
    for name in names:
        written = {name.lower().encode(encoding, "ignore") for encoding in ENCODINGS}
        if any(each and each in small for each in written):
            yield name


def _sought(look: SecondLook) -> Iterable[str]:
    forms = look.known.labels - look.known.exempt - look.known.kept
    joined = {sep.join(form) for form in forms for sep in (" ", "_", "-", "")}
    return sorted(text for text in joined if len(text) >= SHORTEST_IN_BYTES)
