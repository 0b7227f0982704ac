"""Files of meeting programs: who speaks when, and no name but in the roster."""

from pathlib import Path

import pytest

from transcriber.domain.errors import UsageError
from transcriber.domain.interval import Interval
from transcriber.domain.roster import Participant, Roster
from transcriber.domain.transcript import Speaker
from transcriber.exports.documents.named_cues import NamedCue, read_named_cues
from transcriber.services.speakers_file import load_told_speakers

ZOOM = """WEBVTT

1
00:00:01.000 --> 00:00:04.500
Ann Lee: Good morning. Note: this is recorded.

2
01:00:05.250 --> 01:00:06.000
Bo Obi (Guest): Hello.

3
01:00:07.000 --> 01:00:08.000
ANN LEE: Again.

4
01:00:09.000 --> 01:00:09.500
and so on

5
01:00:10.000 --> 01:00:10.000
Bo Obi: empty
"""

TEAMS = """WEBVTT

00:02.000 --> 00:03.000
<v Ann Lee>Good: morning</v>

00:00.000 --> 00:01.000
<v.loud Bo &amp; Co>Hello</v>

00:04.000 --> 00:05.000
<v Ann Lee>Both</v> <v Bo &amp; Co>talk</v>

00:06.000 --> 00:07.000
Time: nobody's
"""


def told(
    text: str, tmp_path: Path, roster: Roster
) -> tuple[list[tuple[str, int]], list[Speaker], Roster]:
    path = tmp_path / "names.vtt"
    path.write_text(text)
    speakers, known = load_told_speakers(path, roster)
    turns = [(turn.speaker, turn.interval.start_ms) for turn in speakers.turns]
    return turns, list(speakers.speakers), known


def test_names_before_a_colon_are_speakers() -> None:
    assert read_named_cues(ZOOM.encode()) == (
        NamedCue("Ann Lee", Interval(1_000, 4_500)),
        NamedCue("Bo Obi (Guest)", Interval(3_605_250, 3_606_000)),
        NamedCue("ANN LEE", Interval(3_607_000, 3_608_000)),
        NamedCue(None, Interval(3_609_000, 3_609_500)),
    )


def test_voice_tags_are_speakers_in_order_of_time() -> None:
    assert [cue.name for cue in read_named_cues(TEAMS.encode())] == [
        "Bo & Co",
        "Ann Lee",
        None,
        None,
    ]


def test_names_become_ids_and_go_to_the_roster(tmp_path: Path) -> None:
    turns, speakers, roster = told(ZOOM, tmp_path, Roster())
    assert turns == [("S1", 1_000), ("S2", 3_605_250), ("S1", 3_607_000)]
    assert speakers == [Speaker("S1", "S1"), Speaker("S2", "S2")]
    assert [participant.name for participant in roster.participants] == ["Ann Lee", "Bo Obi"]


def test_the_roster_gives_labels_also_by_an_alias(tmp_path: Path) -> None:
    known = Roster(
        participants=(
            Participant("Beatrice Obi", label="p 7", aliases=("Bo Obi",)),
            Participant("Ann Lee", label="1st"),
        )
    )
    _, speakers, roster = told(ZOOM, tmp_path, known)
    assert speakers == [Speaker("S1", "S1"), Speaker("S2", "P_7")]  # `1st` is no speaker label
    assert roster == known


def test_codes_and_roles_are_speakers_and_no_names(tmp_path: Path) -> None:
    text = ZOOM.replace("Ann Lee", "Interviewer").replace("ANN LEE", "interviewer")
    _, speakers, roster = told(text, tmp_path, Roster())
    assert [speaker.id for speaker in speakers] == ["S1", "S2"]
    assert [participant.name for participant in roster.participants] == ["Bo Obi"]


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("WEBVTT\n\n00:01.000 --> 00:02.000\nnobody says who\n", "no_speaker_names"),
        ("Ann Lee: Good morning", "bad_vtt"),
        ("WEBVTT\n", "empty"),
        (None, "not_readable"),
    ],
)
def test_a_file_that_does_not_tell_is_refused(text: str | None, code: str, tmp_path: Path) -> None:
    path = tmp_path / "ann-lee.vtt"
    if text is not None:
        path.write_text(text)
    with pytest.raises(UsageError) as caught:
        load_told_speakers(path, Roster())
    assert caught.value.code == code
    assert "lee" not in caught.value.sentence.lower()
