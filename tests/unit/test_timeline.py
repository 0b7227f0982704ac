"""The picture of who talks when: complete, readable for those who do not see it, and harmless."""

import re
import xml.etree.ElementTree as ET
from collections.abc import Sequence
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from transcriber.domain.clip import Clip
from transcriber.domain.interval import Interval, joined
from transcriber.domain.speaker_overview import SpeakerOverview
from transcriber.domain.suggestion import Reason, Sign, Suggestion
from transcriber.domain.transcript import Coverage, Quality, Role, RoleGuess, Speaker, Transcript
from transcriber.exports.report_speakers import private_speakers, safe_speakers
from transcriber.exports.timeline_svg import ROWS, write_timeline
from transcriber.stages.interview.figures import talk_figures

# A busy machine is slow at times; that is no failure.
HOUR_MS = 3_600_000
GUESS = RoleGuess(Role.MODERATOR, 38, 44, 0.21, True)


def overview(duration_ms: int, spoken: Sequence[Sequence[Interval]]) -> SpeakerOverview:
    ids = [f"S{number}" for number in range(1, len(spoken) + 1)]
    speakers = tuple(
        Speaker(i, "MOD" if i == "S1" else f"FG1_{i}", GUESS if i == "S1" else None) for i in ids
    )
    transcript = Transcript(
        "en", Quality.FULL, duration_ms, speakers, (), (), Coverage(duration_ms)
    )
    talking = {i: tuple(joined(s)) for i, s in zip(ids, spoken, strict=True)}
    return SpeakerOverview(
        code="FG01",
        speakers=speakers,
        figures=talk_figures(talking, transcript),
        clips={"S1": (Clip("S1", Interval(12_300, 18_100), 0.9),)},
        suggestions=(
            Suggestion("S2", "Sarah <Whitfield>", "P01", (Reason(Sign.INTRODUCES, 65_000),)),
        ),
        review_copy="FG01.review.m4a",
    )


def pictures(html: str) -> list[ET.Element]:
    return list(ET.fromstring(html).iter("svg"))


stretches = st.lists(
    st.tuples(st.integers(0, 10_700), st.integers(1, 90)).map(
        lambda drawn: Interval(drawn[0] * 1000, (drawn[0] + drawn[1]) * 1000)
    ),
    min_size=1,
    max_size=20,
)


@given(st.lists(stretches, min_size=1, max_size=8))
def test_every_second_of_talk_is_drawn_in_its_lane(spoken: list[list[Interval]]) -> None:
    shown = overview(3 * HOUR_MS, spoken)
    rows = pictures(write_timeline(shown))
    drawn = [0.0] * len(spoken)
    for row in rows:
        for bar in row.iter("rect"):
            lane = int(float(bar.get("y", "")) // 16)
            drawn[lane] += float(bar.get("width", "").rstrip("%"))
            assert 0 <= float(bar.get("x", "").rstrip("%")) <= 100
    for lane, talk in enumerate(shown.figures.speakers):
        minutes = drawn[lane] / 100 * 30
        # Silences and sounds under a thousandth of a row are drawn as talk.
        assert minutes * 60_000 >= talk.talk_ms * 0.99
        assert minutes * 60_000 <= talk.talk_ms + 60 * 1_600


@pytest.mark.parametrize(
    ("duration_ms", "rows"),
    [(500, 1), (60_000, 1), (187_000, 4), (HOUR_MS, 6), (3 * HOUR_MS, 6), (30 * HOUR_MS, 8)],
)
def test_a_recording_is_wrapped_into_few_rows(duration_ms: int, rows: int) -> None:
    shown = pictures(write_timeline(overview(duration_ms, [[Interval(0, 400)]])))
    assert len(shown) == rows
    assert rows <= ROWS or duration_ms > 24 * HOUR_MS


def test_each_row_says_in_words_what_it_shows() -> None:
    spoken = [[Interval(0, 90_000)], [Interval(90_000, 120_000)]]
    (first, *_) = pictures(write_timeline(overview(HOUR_MS, spoken)))
    assert first.get("role") == "img"
    assert first.findtext("title") == "Who talks from 00:00:00 to 00:10:00"
    assert first.findtext("desc") == "Talk: MOD 90 seconds, FG1_S2 30 seconds."
    names = [text.text for text in first.iter("text") if text.get("class") is None]
    assert names == ["MOD", "FG1_S2"]


def test_that_clips_failed_is_told() -> None:
    shown = replace(overview(HOUR_MS, [[Interval(0, 90_000)]]), clips_failed=True)
    assert "could not be chosen" in private_speakers(shown)
    assert "is clear" not in private_speakers(shown)


def test_without_speakers_there_is_no_picture() -> None:
    assert write_timeline(overview(1_000, [])) == ""
    assert "Nobody was told apart" in safe_speakers(overview(1_000, []))


def test_a_guess_is_called_one_in_both_reports() -> None:
    shown = overview(HOUR_MS, [[Interval(0, 90_000)], [Interval(90_000, 120_000)]])
    for report in (private_speakers(shown), safe_speakers(shown)):
        text = re.sub("<[^>]*>", "", report)
        assert (
            "MOD looks like the moderator: asks 38 of 44 questions, 21% of the words, and speaks "
            "first. This is a guess; a person has to confirm it." in text
        )


def test_names_and_clips_are_in_the_private_report_alone() -> None:
    shown = overview(HOUR_MS, [[Interval(0, 90_000)], [Interval(90_000, 120_000)]])
    private, safe = private_speakers(shown), safe_speakers(shown)
    assert '<a href="FG01.review.m4a#t=12.3,18.1">00:00:12</a> (6 s)' in private
    assert "Sarah &lt;Whitfield&gt;" in private
    assert "gives this name (00:01:05)" in private
    assert "Whitfield" not in safe
    assert "review" not in safe
