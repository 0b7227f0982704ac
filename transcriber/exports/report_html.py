"""The report of a redaction: what was found where, by whom, what it became, what was left and why.

The private page shows the words in their context. The safe page has no word of the original and no
text at all but replacements, so that it may go with the transcript.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from html import escape
from itertools import groupby

from transcriber.domain.finding import Finding
from transcriber.domain.interval import Interval
from transcriber.domain.leak_check import Leak, LeakCheck, Reason, Verdict
from transcriber.domain.redacted import Checked, RedactedTranscript
from transcriber.domain.sound import SoundCheck
from transcriber.domain.speaker_overview import SpeakerOverview
from transcriber.exports.clock import clock
from transcriber.exports.report_page import (
    NUMBER,
    PLACE,
    TALK,
    chunked,
    folded,
    marked,
    page,
    section,
    table,
)
from transcriber.exports.report_speakers import private_speakers, safe_speakers
from transcriber.exports.report_words import (
    DOUBTFUL_BELOW,
    PERHAPS,
    VERDICTS,
    WHY,
    Lines,
    Texts,
    around,
    became,
    doubtful,
    found_by,
    leak_where,
    leak_where_safe,
    was_left,
)
from transcriber.exports.sound_words import sound_sentences, sound_table

CONTEXT_CHARACTERS = 40
OPEN_PLACES = 20
"""A kind of place of the second look with more than this is folded."""

PRIVATE = "Private: this page holds the words that were removed."
SAFE = "Holds no original words: it may be handed on with the transcript."
NONE_FOUND = "<p>Nothing was found. That proves little: a person still has to read it.</p>"
NO_DOUBT = f"<p>No finding has a score under {DOUBTFUL_BELOW}.</p>"


@dataclass(frozen=True)
class RedactedText:
    """A redacted document: what the reports need besides its findings.

    `original` is what offsets refer to and `output` what was written, both by part; `None` is the
    body. `speakers` are known for recordings only.
    """

    code: str
    original: Mapping[str | None, str]
    output: Mapping[str | None, str]
    study: str = ""
    checked: Checked = Checked.NO
    speakers: SpeakerOverview | None = None


@dataclass(frozen=True)
class Heard:
    """What the sound of a recording told: how good it is, and where a person has to listen.

    `unplaced` are where a known name was heard, `lost` where somebody spoke, and no words stand;
    `uncertain_speakers` are where it is not certain who speaks.
    """

    sound: SoundCheck
    unplaced: tuple[Interval, ...] = ()
    lost: tuple[Interval, ...] = ()
    uncertain_speakers: tuple[Interval, ...] = ()


def write_report(
    source: RedactedText, findings: Sequence[Finding], heard: Heard, leaks: LeakCheck
) -> bytes:
    """Return the private page of a recording."""
    more = [*_sound(heard.sound), *_lost(heard.lost), *_unplaced(heard.unplaced)]
    more += _uncertain_speakers(heard.uncertain_speakers)
    if source.speakers is not None:
        more.insert(0, private_speakers(source.speakers))
    return _private(source, findings, leaks, more)


def write_text_report(source: RedactedText, findings: Sequence[Finding], leaks: LeakCheck) -> bytes:
    """Return the private page of a document; places are lines, because it has no times."""
    return _private(source, findings, leaks, [])


def write_safe_report(source: RedactedText, findings: Sequence[Finding], leaks: LeakCheck) -> bytes:
    """Return the page that may be handed on.

    Of `source` it shows study and code only, and not even these where one of them holds a name.
    """
    lines = Lines(Texts(source.original))
    named = any(leak.reason is Reason.METADATA for leak in leaks.leaks)
    return page(
        "What was removed" if named else _title(source),
        [
            f'<p class="soft">{SAFE} {_state(source)}</p>\n',
            _second_look(leaks, _links(findings, left=False), _safe_places),
            section("counts", "Counts", _counts(findings)),
            section("doubtful", "Doubtful", _safe_doubtful(findings, lines)),
            *([safe_speakers(source.speakers)] if source.speakers else []),
            section("mentions", "Each mention", _safe_mentions(findings, lines)),
        ],
    )


def of_recording(
    redacted: RedactedTranscript, text: str, speakers: SpeakerOverview | None = None
) -> RedactedText:
    """Return what the reports need of a recording; `text` is what offsets refer to."""
    output = "\n".join(turn.text.replace("\n", " ") for turn in redacted.turns)
    return RedactedText(
        redacted.code, {None: text}, {None: output}, redacted.study, redacted.checked, speakers
    )


def _private(
    source: RedactedText, findings: Sequence[Finding], leaks: LeakCheck, more: Sequence[str]
) -> bytes:
    texts = Texts(source.original)
    lines = Lines(texts)
    output = {part: text.split("\n") for part, text in source.output.items()}
    left = [finding for finding in findings if was_left(finding)]
    parts = [
        f'<p class="soft">{PRIVATE} {_state(source)}</p>\n',
        _second_look(
            leaks, _links(findings, left=bool(left)), lambda found: _places(found, output)
        ),
        section("counts", "Counts", _counts(findings)),
        section("doubtful", "Doubtful: look at these first", _doubtful(findings, texts, lines)),
    ]
    if left:
        shown = _mentions(left, texts, lines)
        parts.append(section("left", f"Left as it is: {len(left):,}", shown))
    parts += more
    parts.append(section("replacements", "Each replacement", _replacements(findings)))
    parts.append(section("mentions", "Each mention", _mentions(findings, texts, lines)))
    return page(_title(source), parts)


def _title(source: RedactedText) -> str:
    return f"{source.study} {source.code}".strip() + ": what was removed"


def _state(source: RedactedText) -> str:
    return escape(f"{source.checked.value.capitalize()}.")


def _links(findings: Sequence[Finding], *, left: bool) -> str:
    number = len(doubtful(findings))
    targets = [("counts", "Counts"), ("doubtful", f"Doubtful ({number:,})")]
    targets += [("left", "Left as it is")] if left else []
    targets += [("mentions", f"Each mention ({len(findings):,})")]
    links = "".join(f'<a href="#{anchor}">{escape(words)}</a>' for anchor, words in targets)
    return f"<nav>{links}</nav>\n"


def _second_look(leaks: LeakCheck, links: str, shown: Callable[[Sequence[Leak]], str]) -> str:
    """Return the verdict, links to the rest, and its places by reason, those that block first."""
    verdict = leaks.verdict
    sentence = leaks.sentence
    words = f"<strong>{VERDICTS[verdict]}:</strong> {escape(sentence)}."
    advice = {
        Verdict.PASS: "They cannot see what they do not know; a person still has to read it.",
        Verdict.REVIEW: "Look at each place. Most will be harmless; mark what is not.",
        Verdict.BLOCK: "Mark these places, add the names to the roster, and run it again.",
    }[verdict]
    pieces = [
        f'<div class="verdict {verdict.value}" id="second-look"><p>Second look. {words}</p>'
        f'<p class="soft">{advice}</p></div>\n{links}'
    ]
    for (grave, reason), places in _by_reason(leaks.leaks):
        perhaps = reason is Reason.ORIGINAL and grave is Verdict.REVIEW
        prefix = "Block: " if grave is Verdict.BLOCK else ""
        summary = f"{prefix}{PERHAPS if perhaps else WHY[reason]}: {len(places):,}"
        is_open = grave is Verdict.BLOCK or len(places) <= OPEN_PLACES
        pieces.append(folded(summary, shown(places), is_open=is_open))
    return "".join(pieces)


def _by_reason(leaks: Sequence[Leak]) -> list[tuple[tuple[Verdict, Reason], list[Leak]]]:
    order = {reason: number for number, reason in enumerate(Reason)}

    def key(leak: Leak) -> tuple[bool, int]:
        return leak.verdict is not Verdict.BLOCK, order[leak.reason]

    return [
        ((group[0].verdict, group[0].reason), group)
        for group in (list(g) for _, g in groupby(sorted(leaks, key=key), key=key))
    ]


def _places(leaks: Sequence[Leak], output: Mapping[str | None, Sequence[str]]) -> str:
    rows = [[escape(leak_where(leak)), _leak_context(leak, output)] for leak in leaks]
    headings = [("Where", PLACE), ("What stands there", TALK)]
    return chunked(headings, rows, [leak_where(leak) for leak in leaks])


def _leak_context(leak: Leak, output: Mapping[str | None, Sequence[str]]) -> str:
    lines = output.get(leak.part, ())
    if leak.reason is Reason.METADATA or not 0 < leak.line <= len(lines):
        return f"<mark>{escape(leak.text)}</mark>"
    line = lines[leak.line - 1]
    before, after = around(line, leak.start, leak.end, CONTEXT_CHARACTERS)
    return marked(before, leak.text, after)


def _safe_places(leaks: Sequence[Leak]) -> str:
    where = ", ".join(dict.fromkeys(leak_where_safe(leak) for leak in leaks))
    return f'<p class="soft">{escape(where)}</p>'


def _sound(check: SoundCheck) -> list[str]:
    told = "".join(f"<p>{escape(sentence)}</p>" for sentence in sound_sentences(check))
    rows = [[escape(name), escape(figure)] for name, figure in sound_table(check.figures)]
    figures = table([("Measured", ""), ("Figure", NUMBER)], rows)
    return [section("sound", "How it sounds", told + folded("Figures", figures, is_open=False))]


def _lost(gaps: Sequence[Interval]) -> list[str]:
    """List the speech that gave no words, so that somebody listens to it."""
    if not gaps:
        return []
    rows = [[clock(gap.start_ms), f"{gap.duration_ms / 1000:.0f} s"] for gap in gaps]
    shown = chunked([("From", PLACE), ("Length", NUMBER)], rows, [row[0] for row in rows])
    return [section("silent", "Speech without words: listen to it", shown)]


def _uncertain_speakers(stretches: Sequence[Interval]) -> list[str]:
    """List where a word may be somebody else's, so that somebody listens to it."""
    if not stretches:
        return []
    rows = [[clock(place.start_ms), f"{place.duration_ms / 1000:.1f} s"] for place in stretches]
    shown = chunked([("From", PLACE), ("Length", NUMBER)], rows, [row[0] for row in rows])
    return [section("speakers-uncertain", "Who says this is not certain: listen to it", shown)]


def _unplaced(stretches: Sequence[Interval]) -> list[str]:
    if not stretches:
        return []
    rows = [[clock(stretch.start_ms)] for stretch in stretches]
    title = "A known name may be said here, where no words stand: listen"
    return [section("unplaced", title, table([("From", PLACE)], rows))]


def _counts(findings: Sequence[Finding]) -> str:
    rows = []
    for (entity_type, action), group in groupby(sorted(findings, key=_kind), key=_kind):
        members = list(group)
        entities = len({finding.replacement or finding.entity for finding in members})
        low = len(doubtful(members))
        cells = [entity_type, action, f"{entities:,}", f"{len(members):,}", f"{low:,}"]
        rows.append([escape(cell) for cell in cells])
    headings = [("Type", ""), ("What was done", ""), ("Different ones", NUMBER)]
    headings += [("Mentions", NUMBER), ("Doubtful", NUMBER)]
    return table(headings, rows) if rows else NONE_FOUND


def _kind(finding: Finding) -> tuple[str, str]:
    return finding.entity_type.value, finding.action.value if finding.action else "none"


def _doubtful(findings: Sequence[Finding], texts: Texts, lines: Lines) -> str:
    low = doubtful(findings)
    return _mentions(low, texts, lines) if low else NO_DOUBT


def _safe_doubtful(findings: Sequence[Finding], lines: Lines) -> str:
    low = doubtful(findings)
    return _safe_mentions(low, lines) if low else NO_DOUBT


def _replacements(findings: Sequence[Finding]) -> str:
    forms: dict[str, list[str]] = {}
    for finding in findings:
        if not was_left(finding):
            forms.setdefault(finding.replacement or "", []).append(finding.text)
    rows = [
        [escape(replacement), escape(", ".join(dict.fromkeys(texts))), f"{len(texts):,}"]
        for replacement, texts in sorted(forms.items())
    ]
    headings = [("Replacement", ""), ("Stands for", TALK), ("Mentions", NUMBER)]
    return chunked(headings, rows, sorted(forms)) if rows else NONE_FOUND


def _mentions(findings: Sequence[Finding], texts: Texts, lines: Lines) -> str:
    rows = []
    for finding in findings:
        before, after = texts.context(finding, CONTEXT_CHARACTERS)
        talk = marked(before, finding.text, after)
        rows.append([escape(lines.where(finding)), talk, *_outcome(finding)])
    headings = [("Where", PLACE), ("As heard", TALK), ("Became", ""), ("Found by, score", "")]
    return _long(headings, rows, findings, lines)


def _safe_mentions(findings: Sequence[Finding], lines: Lines) -> str:
    rows = [
        [escape(lines.where(finding)), escape(finding.entity_type.value), *_outcome(finding)]
        for finding in findings
    ]
    headings = [("Where", PLACE), ("Type", ""), ("Became", ""), ("Found by, score", "")]
    return _long(headings, rows, findings, lines)


def _outcome(finding: Finding) -> tuple[str, str]:
    return escape(became(finding)), f"{escape(found_by(finding))}, {finding.score:.2f}"


def _long(
    headings: Sequence[tuple[str, str]],
    rows: Sequence[Sequence[str]],
    findings: Sequence[Finding],
    lines: Lines,
) -> str:
    if not rows:
        return NONE_FOUND
    return chunked(headings, rows, [lines.where(finding) for finding in findings])
