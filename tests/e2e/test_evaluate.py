"""`transcriber evaluate` on files: figures, what is missing, and no interview text."""

import json
from pathlib import Path
from typing import Any

import pytest

from transcriber.cli import main
from transcriber.domain.transcript import (
    Coverage,
    Quality,
    Segment,
    Speaker,
    Struck,
    Transcript,
    Word,
)
from transcriber.evaluation import cp_word_errors
from transcriber.exports.transcript_json import write_transcript

STM = "call 1 ann 0.0 2.0 were you there\ncall 1 ben 2.0 4.0 yes I was\n"
VTT = """WEBVTT

00:00.000 --> 00:02.000
<v S1>Were you there?

00:02.000 --> 00:04.000
<v S2>Yes, [inaudible 00:00:03] I were.
"""
SRT = "1\n00:00:00,000 --> 00:00:04,000\nWere you there? Yes, I was.\n"
RTTM = (
    "SPEAKER call 1 0.000 2.000 <NA> <NA> ann <NA> <NA>\n"
    "SPEAKER call 1 2.000 2.000 <NA> <NA> ben <NA> <NA>\n"
)
TEXT = "Ann Oduya lives in Leeds.\n"
GOLD = [
    {"start": 0, "end": 9, "type": "PERSON", "class": "direct", "text": "Ann Oduya"},
    {"start": 19, "end": 24, "type": "LOCATION", "class": "quasi", "text": "Leeds"},
]


def transcript() -> bytes:
    """Two speakers; one word was struck out and one never was anybody's."""
    rows: list[tuple[str, str | None, Struck | None]] = [
        *(("were", "S1", None), ("you", "S1", None), ("there", "S1", None)),
        *(("thanks", "S1", Struck.SILENCE), ("yes", "S2", None), ("I", None, None)),
        ("was", "S2", None),
    ]
    words = tuple(
        Word(f"w{n}", text, 500 * n, 500 * n + 500, speaker, None, struck)
        for n, (text, speaker, struck) in enumerate(rows)
    )
    speakers = Speaker("S1", "SPEAKER_1"), Speaker("S2", "SPEAKER_2")
    segments = Segment("S1", 0, 3), Segment("S2", 4, 6)
    return write_transcript(
        Transcript("en", Quality.FULL, 4_000, speakers, words, segments, Coverage(4_000))
    )


def folder(path: Path, files: dict[str, str | bytes]) -> Path:
    for name, content in files.items():
        (path / name).parent.mkdir(parents=True, exist_ok=True)
        (path / name).write_bytes(content.encode() if isinstance(content, str) else content)
    return path


def figures(
    capsys: pytest.CaptureFixture[str], task: str, gold: Path, pred: Path, status: int = 0
) -> dict[str, Any]:
    assert main(["evaluate", task, str(gold), str(pred), "--json"]) == status
    printed: dict[str, Any] = json.loads(capsys.readouterr().out)
    return printed


def test_words_of_one_recording(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    files = folder(tmp_path, {"gold.stm": STM, "other-name.vtt": VTT})
    report = figures(capsys, "recognition", files / "gold.stm", files / "other-name.vtt")
    total = report["figures"]
    assert (total["words"], total["substitutions"], total["wer"]) == (6, 1, pytest.approx(1 / 6))
    assert total["wrong_speaker"] == {"rate": 0, "wrong": 0, "words": 6}
    if cp_word_errors.available():
        assert total["by_speaker"]["cpwer"] == pytest.approx(1 / 6)


def test_struck_words_do_not_count(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    files = folder(
        tmp_path, {"gold/call.stm": STM, "out/private/call.transcript.json": transcript()}
    )
    total = figures(capsys, "recognition", files / "gold", files / "out")["figures"]
    assert total["wer"] == 0
    assert total["wrong_speaker"] == {"rate": pytest.approx(1 / 6), "wrong": 1, "words": 6}


def test_a_transcript_has_turns(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    files = folder(
        tmp_path,
        {
            "gold/call.rttm": RTTM,
            "gold/call.uem": "call 1 0.0 4.0\n",
            "out/private/call.transcript.json": transcript(),
        },
    )
    total = figures(capsys, "diarisation", files / "gold", files / "out")["figures"]
    # The collar leaves 0.25-1.75 and 2.25-3.75 s. The struck word leaves 1.5-1.75 s without talk,
    # the end 3.5-3.75 s; the word of nobody lies in a pause too short to part a turn.
    assert total["talk_ms"] == 3_000
    assert total["missed_ms"] == 500
    assert total["confusion_ms"] == 0


def test_what_is_missing_or_broken_counts_as_missed(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    gold = {f"gold/{name}.txt": "were you there yes I was" for name in ("good", "lost", "torn")}
    out: dict[str, str | bytes] = {"out/good.srt": SRT, "out/torn.vtt": "no subtitles"}
    files = folder(tmp_path, {**gold, **out})
    report = figures(capsys, "recognition", files / "gold", files / "out", status=1)
    problems = {entry["name"]: entry.get("problem", {}).get("error") for entry in report["files"]}
    assert problems == {"good": None, "lost": "no_prediction", "torn": "bad_vtt"}
    assert report["figures"]["wer"] == pytest.approx(12 / 18)
    assert main(["evaluate", "recognition", str(files / "gold"), str(files / "out")]) == 1
    assert "All of it is missed." in capsys.readouterr().out


def test_gold_that_cannot_be_read_is_in_no_figure(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    gold = folder(tmp_path, {"g/call.rttm": RTTM, "g/bad.rttm": "SPEAKER bad\n"})
    report = figures(capsys, "diarisation", gold / "g", gold / "g", status=1)
    assert [entry["name"] for entry in report["files"]] == ["call"]
    assert [(entry["name"], entry["error"]) for entry in report["not_scored"]] == [
        ("bad", "bad_rttm")
    ]


def redacted(tmp_path: Path) -> Path:
    """The text with its gold, and what `redact` made of it."""
    files = folder(tmp_path, {"gold/talk.txt": TEXT, "gold/talk.gold.json": json.dumps(GOLD)})
    text, out = files / "gold" / "talk.txt", files / "out"
    assert main(["redact", str(text), "--out", str(out), "--names", "keep"]) == 0
    return files


def test_redaction_of_a_file_and_of_a_folder(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    files = redacted(tmp_path)
    capsys.readouterr()
    findings = json.loads((files / "out" / "private" / "talk.findings.json").read_text())
    covered = {n for found in findings for n in range(found["start"], found["end"])}
    leeds_missed = not covered >= set(range(19, 24))
    for gold, pred in (
        ("gold", "out"),
        ("gold/talk.txt", "out/private"),
        ("gold/talk.gold.json", "out/private/talk.findings.json"),
    ):
        total = figures(capsys, "redaction", files / gold, files / pred)["figures"]
        assert total["quasi"]["mentions"] == 1
        assert total["quasi"]["covered"] == (not leeds_missed)
        assert total["documents"] == 1


def test_missed_mentions_are_named_by_place_and_never_by_text(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    gold = {"gold/talk.txt": TEXT, "gold/talk.gold.json": json.dumps(GOLD)}
    files = folder(tmp_path, {**gold, "out/talk.findings.json": "[]"})
    report = figures(capsys, "redaction", files / "gold", files / "out")
    assert report["files"][0]["missed"] == [
        {"start": 0, "end": 9, "type": "PERSON", "class": "direct"},
        {"start": 19, "end": 24, "type": "LOCATION", "class": "quasi"},
    ]
    assert report["figures"]["document_leak_rate"] == 1
    assert main(["evaluate", "redaction", str(files / "gold"), str(files / "out")]) == 0
    printed = capsys.readouterr().out
    assert "talk:0-9  PERSON" in printed
    assert "Oduya" not in printed + json.dumps(report)
    assert all(len(line) <= 80 for line in printed.splitlines())


def test_findings_of_another_text_are_refused(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    files = redacted(tmp_path)
    (files / "gold" / "talk.txt").write_text(f"{TEXT}And more.\n")
    capsys.readouterr()
    gold = str(files / "gold" / "talk.gold.json")
    assert main(["evaluate", "redaction", gold, str(files / "out")]) == 1
    assert "another text" in capsys.readouterr().err


@pytest.mark.parametrize(
    ("gold", "pred", "status"),
    [("nowhere", "out", 1), ("gold", "nowhere", 1), ("empty", "out", 2), ("gold", "out/a.rttm", 2)],
)
def test_wrong_paths_cost_one_sentence(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], gold: str, pred: str, status: int
) -> None:
    folder(tmp_path, {"gold/a.rttm": RTTM, "out/a.rttm": RTTM, "empty/notes.md": "none"})
    assert main(["evaluate", "diarisation", str(tmp_path / gold), str(tmp_path / pred)]) == status
    said = capsys.readouterr().err
    assert said.startswith("transcriber: ")
    assert said.count("\n") == 1


@pytest.mark.slow
def test_gold_against_itself_has_no_errors(
    shared_data: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    gold = shared_data / "diarisation"
    assert figures(capsys, "diarisation", gold, gold)["figures"]["der"] == 0
    assert figures(capsys, "recognition", gold, gold)["figures"]["wer"] == 0
