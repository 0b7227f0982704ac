"""Whoever checks is told at once that somebody else changed something, over a real web server."""

import json
from collections.abc import Iterator
from pathlib import Path

import httpx

from tests.reliability.test_review_kills import Reviewer
from tests.service.served_process import serving
from transcriber.domain.edit import FindingRejected
from transcriber.services.review.decide import decide


def _told(lines: Iterator[str]) -> Iterator[dict[str, object]]:
    return (json.loads(line.removeprefix("data: ")) for line in lines if line.startswith("data: "))


def test_a_decision_of_somebody_else_is_told_and_nothing_of_what_was_said(tmp_path: Path) -> None:
    reviewer = Reviewer(tmp_path)
    with (
        serving(reviewer.environment) as server,
        httpx.stream(
            "GET",
            f"{server.url}{reviewer.place}/events",
            headers=reviewer.headers,
            timeout=60,
            trust_env=False,
        ) as answer,
    ):
        assert answer.headers["content-type"].startswith("text/event-stream")
        told = _told(answer.iter_lines())
        assert next(told) == {"number": 0, "searching": False}
        decide(
            reviewer.store,
            "b" * 32,
            reviewer.study.id,
            reviewer.recording_id,
            [FindingRejected(reviewer.tom, reviewer.tom)],
            0,
        )
        assert next(told) == {"number": 1, "searching": False}
