"""The speakers in the reports: who talks how, the picture, and who a voice may be."""

from collections.abc import Sequence
from html import escape

from transcriber.domain.clip import Clip
from transcriber.domain.speaker_overview import SpeakerOverview
from transcriber.domain.suggestion import Sign, Suggestion
from transcriber.domain.talk import SpeakerTalk
from transcriber.domain.transcript import Speaker
from transcriber.exports.clock import clock, short_clock
from transcriber.exports.report_page import NUMBER, PLACE, section, table
from transcriber.exports.timeline_svg import write_timeline
from transcriber.exports.wording import guess_sentence

_SIGNS = {
    Sign.INTRODUCES: "gives this name",
    Sign.ADDRESSED: "is called so just before they speak",
    Sign.THANKED: "is thanked by this name when they have spoken",
}
REASONS_SHOWN = 4


def safe_speakers(overview: SpeakerOverview) -> str:
    """Return what may be handed on: labels, figures and the picture."""
    return section("speakers", "Who talks", _guesses(overview.speakers) + _figures(overview))


def private_speakers(overview: SpeakerOverview) -> str:
    """Return the same with clips to listen to and names that the talk suggests."""
    parts = [_guesses(overview.speakers), _figures(overview), _clips(overview)]
    if overview.suggestions:
        parts.append(_suggestions(overview))
    if overview.proposals:
        parts.append(_proposals(overview))
    parts.append(
        '<p class="soft">To say who a voice is, add an entry such as '
        '<code>{"kind": "speaker_renamed", "speaker": "S1", "label": "P01"}</code> to '
        f"{escape(overview.code)}.edits.json and run it again.</p>"
    )
    return section("speakers", "Who talks", "".join(parts))


def _guesses(speakers: Sequence[Speaker]) -> str:
    return "".join(
        f"<p>{escape(guess_sentence(speaker.label, speaker.guess))}</p>"
        for speaker in speakers
        if speaker.guess is not None
    )


def _figures(overview: SpeakerOverview) -> str:
    figures = overview.figures
    if not figures.speakers:
        return "<p>Nobody was told apart from anybody else.</p>"
    headings = [("Speaker", PLACE), ("Talk", NUMBER), ("Share", NUMBER), ("Turns", NUMBER)]
    headings += [("Longest turn", NUMBER), ("Words", NUMBER), ("Listening sounds", NUMBER)]
    headings += [("Takes over", NUMBER), ("Is cut short", NUMBER), ("At once with others", NUMBER)]
    headings += [("Pauses", NUMBER), ("Silence before", NUMBER)]
    rows = [_row(overview.label(talk.speaker), talk) for talk in figures.speakers]
    silence, overlap = short_clock(figures.silence_ms), short_clock(figures.overlap_ms)
    whole = (
        f'<p class="soft">Nobody talks for {silence} of {short_clock(figures.duration_ms)}, '
        f"several at once for {overlap}.</p>"
    )
    return write_timeline(overview) + table(headings, rows) + whole


def _row(label: str, talk: SpeakerTalk) -> list[str]:
    return [
        escape(label),
        short_clock(talk.talk_ms),
        f"{talk.share:.0%}",
        f"{talk.turns:,}",
        short_clock(talk.longest_turn_ms),
        f"{talk.words:,}",
        f"{talk.listening:,}",
        f"{talk.interrupts:,}",
        f"{talk.interrupted:,}",
        short_clock(talk.overlapped_ms),
        short_clock(talk.pauses_ms),
        short_clock(talk.gaps_ms),
    ]


def _clips(overview: SpeakerOverview) -> str:
    if overview.clips_failed:
        return "<p>Clips of the voices could not be chosen. Run it again to try again.</p>"
    rows = [
        [
            escape(speaker.label),
            escape(speaker.id),
            ", ".join(_clip(clip, overview.review_copy) for clip in clips) or "none is clear",
        ]
        for speaker in overview.speakers
        for clips in (overview.clips.get(speaker.id, ()),)
    ]
    headings = [("Speaker", PLACE), ("Voice", PLACE), ("Hear it alone at", "")]
    return table(headings, rows)


def _clip(clip: Clip, review_copy: str) -> str:
    """Return a link that a browser plays from there (W3C Media Fragments)."""
    start_s, end_s = clip.interval.start_ms / 1000, clip.interval.end_ms / 1000
    where = f"{escape(review_copy)}#t={start_s:.1f},{end_s:.1f}"
    return f'<a href="{where}">{clock(clip.interval.start_ms)}</a> ({end_s - start_s:.0f} s)'


def _suggestions(overview: SpeakerOverview) -> str:
    rows = [
        [
            escape(overview.label(suggestion.speaker)),
            escape(suggestion.name),
            escape(suggestion.label or ""),
            escape(reasons(suggestion)),
        ]
        for suggestion in overview.suggestions
    ]
    headings = [
        ("Speaker", PLACE),
        ("May be", ""),
        ("On the roster", ""),
        ("Because it", ""),
    ]
    note = '<p class="soft">These are suggestions from the talk. Listen before you take one.</p>'
    return note + table(headings, rows)


def _proposals(overview: SpeakerOverview) -> str:
    rows = [
        [
            escape(overview.label(proposal.speaker)),
            escape(f"{proposal.known_label} of {proposal.known_recording}"),
            f"{proposal.similarity:.2f}",
            f"<code>transcriber voices confirm {escape(overview.code)} {escape(proposal.speaker)} "
            f"{escape(proposal.known_recording)} {escape(proposal.known_speaker)} --out …</code>",
        ]
        for proposal in overview.proposals
    ]
    headings = [("Speaker", PLACE), ("Sounds like", PLACE), ("Similarity", NUMBER)]
    return table([*headings, ("If you hear that it is so", "")], rows)


def reasons(suggestion: Suggestion) -> str:
    """Say what in the talk points at a name, and when it was said."""
    told = []
    for sign, words in _SIGNS.items():
        times = [clock(r.at_ms) for r in suggestion.reasons if r.sign is sign]
        if times:
            more = ", …" if len(times) > REASONS_SHOWN else ""
            told.append(f"{words} ({', '.join(times[:REASONS_SHOWN])}{more})")
    return "; ".join(told)
