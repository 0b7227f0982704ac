"""All that is held on a participant: one page to read or print, and the same for programs."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import asdict
from datetime import UTC, datetime
from html import escape

from transcriber.domain.held import Held, HeldRecording
from transcriber.exports.clock import clock
from transcriber.exports.jsonbytes import dump
from transcriber.exports.provenance.figures import counted
from transcriber.exports.provenance.page import SHEET_STYLE
from transcriber.exports.report_page import NUMBER, PLACE, TALK, page, section, table

SCHEMA = "transcriber/participant/1"

OTHERS_LEFT_OUT = (
    "This is what the study holds on one participant. Names of other people are replaced in it, "
    "and so are numbers and addresses that may be theirs. What others said is theirs and not in "
    "it; where they mentioned the participant, the place is named."
)
NOT_CHECKED = (
    "Nobody has signed this text yet, so names of others may stand in it that the machine did not "
    "find. Whoever hands this over should read it first."
)
YOUR_RIGHTS = (
    "You may ask the study to correct this, to erase it or to use it no longer, and you may "
    "complain to the authority that supervises data protection, in the United Kingdom the "
    "Information Commissioner's Office. What applies in a study can be limited by law; its "
    "data-protection officer can tell."
)


_MENTIONS = (("Time", PLACE), ("As", ""), ("Said by", ""))
_DECISIONS = (("Time", PLACE), ("As", ""), ("Decided", ""), ("By", ""), ("On", ""))
_USES = (("Who", ""), ("Did what", ""), ("Times", NUMBER), ("First", ""), ("Last", ""))


def write_held_json(held: Held) -> bytes:
    """Write UTF-8 JSON with the fields of `Held`."""
    return dump({"schema": SCHEMA, **asdict(held)})


def write_held_page(held: Held) -> bytes:
    """Write a self-contained page; times of day are UTC."""
    title = f"What is held on {', '.join(held.labels)}"
    waiting = (
        f"<p>{counted(held.not_ready, 'recording', 'recordings')} of the study without words yet: "
        "nobody can say whether this participant speaks there.</p>"
        if held.not_ready
        else ""
    )
    body = [
        f'<p class="soft">Study: {escape(held.study)}. Made on {_moment(held.made_at_ms)}.</p>\n'
        f"<p>{OTHERS_LEFT_OUT}</p>{waiting}\n",
        section("roster", "What was written down beforehand", _roster(held)),
        section("key", "What stands for them", _key(held)),
        section("consent", "What was agreed", _list(held.consent)),
        section("retention", "When it is destroyed", _list(held.retention)),
        *(_recording(number, each) for number, each in enumerate(held.recordings, 1)),
        section("rights", "What they may do", f"<p>{YOUR_RIGHTS}</p>"),
    ]
    return page(title, body, SHEET_STYLE)


def _roster(held: Held) -> str:
    entry = held.roster
    if entry is None:
        return "<p>Nobody of this label is on the roster.</p>"
    told = {
        "Name": entry.name,
        "Label": entry.label,
        "Other names": ", ".join(entry.aliases) or "none",
        "Pronoun": entry.pronoun or "not written down",
        "Invented name": entry.pseudonym or "none chosen",
    }
    rows = (f"<dt>{name}</dt><dd>{escape(value)}</dd>" for name, value in told.items())
    return f"<dl>{''.join(rows)}</dl>"


def _key(held: Held) -> str:
    rows = [[escape(each.replacement), escape(", ".join(each.spellings))] for each in held.key]
    return _table((("In transcripts", ""), ("Stands for", "")), rows, "Nothing stands for them.")


def _recording(number: int, held: HeldRecording) -> str:
    parts = [f'<p class="soft">{_about(held)}</p>']
    if held.turns and not held.is_checked:
        parts.append(f'<p class="verdict">{NOT_CHECKED}</p>')
    parts += [f"<h3>{heading}</h3>{content}" for heading, content in _parts(held)]
    return section(f"recording-{number}", f"Recording {held.code}", "".join(parts))


def _about(held: HeldRecording) -> str:
    kind = "A focus group" if held.kind == "group" else "An interview"
    told = [f"{kind}, added on {_moment(held.added_at_ms)}."]
    if held.words_destroyed:
        told.append("Its sound and its words were destroyed; what was released stays.")
    elif held.sound_destroyed:
        told.append("Its sound was destroyed.")
    if held.is_held:
        told.append("A legal hold stands on it, so nothing of it is destroyed for now.")
    elif held.destroyed_after_ms is not None:
        told.append(f"Its sound is to be destroyed after {_day(held.destroyed_after_ms)}.")
    return " ".join(told)


def _parts(held: HeldRecording) -> Iterator[tuple[str, str]]:
    said = [[clock(each.start_ms), escape(each.said)] for each in held.turns]
    none = "These words were destroyed." if held.words_destroyed else "They do not speak in it."
    yield "As said", _table((("Time", PLACE), ("Talk", TALK)), said, none)
    for version in held.released:
        told = "".join(f"<p>{escape(each)}</p>" for each in version.paragraphs)
        released = f"As released, version {version.number} of {_day(version.released_at_ms)}"
        yield released, f"<blockquote>{told}</blockquote>"
    mentions = [
        [clock(each.start_ms), escape(each.spelling), escape(each.by or "not known")]
        for each in held.mentions
    ]
    if not held.words_destroyed:
        yield "Where they are mentioned", _table(_MENTIONS, mentions, "They are not mentioned.")
    decisions = [
        [
            clock(each.start_ms),
            escape(each.spelling),
            "left as said" if each.leaves else "replaced",
            escape(each.by_role),
            _moment(each.at_ms),
        ]
        for each in held.decisions
    ]
    if mentions:
        yield "What people decided on these", _table(_DECISIONS, decisions, "Nobody decided yet.")
    uses = [
        [
            escape(each.by_role),
            escape(each.action),
            f"{each.times:,}",
            _moment(each.first_at_ms),
            _moment(each.last_at_ms),
        ]
        for each in held.uses
    ]
    yield "Who did what with the recording", _table(_USES, uses, "Nothing is on record.")


def _table(headings: Sequence[tuple[str, str]], rows: Sequence[Sequence[str]], none: str) -> str:
    return table(headings, rows) if rows else f"<p>{none}</p>"


def _list(sentences: Iterable[str]) -> str:
    return f"<ul>{''.join(f'<li>{escape(each)}</li>' for each in sentences)}</ul>"


def _day(at_ms: int) -> str:
    moment = datetime.fromtimestamp(at_ms / 1000, UTC)
    return f"{moment.day} {moment:%B %Y}"


def _moment(at_ms: int) -> str:
    return f"{_day(at_ms)}, {datetime.fromtimestamp(at_ms / 1000, UTC):%H:%M} UTC"
