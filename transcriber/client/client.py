"""A client for scripts: one method for each thing that people do with the service."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import ExitStack
from pathlib import Path
from typing import Any, Self

import httpx

from transcriber.client.errors import Refused
from transcriber.client.progress import follow
from transcriber.client.records import (
    Progress,
    Recording,
    Release,
    Roster,
    Study,
    StudyBrief,
)
from transcriber.client.requests import Requests

API = "/api/v1"
PATIENCE_S = 60.0
"""For an answer; a long upload takes as long as bytes go on moving."""

PAGE = 200

Told = Callable[[Progress], None]


class Client:
    """The service at an address, with a token. Every method raises Refused.

    What fails for a moment is tried again for about a quarter of a minute; what makes a study
    carries a key, so that it is made once.
    """

    def __init__(
        self, url: str, token: str, *, transport: httpx.BaseTransport | None = None
    ) -> None:
        """Take the address of a service and a token that somebody made there.

        `transport` is httpx's, to go through something else than the network.
        """
        self._http = httpx.Client(
            base_url=url.rstrip("/") + API,
            headers={"Authorization": f"Bearer {token}", "Accept": "application/json"},
            timeout=PATIENCE_S,
            transport=transport,
        )
        self._requests = Requests(self._http)

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def close(self) -> None:
        """Close the connections."""
        self._http.close()

    def studies(self) -> Iterator[StudyBrief]:
        """Yield the studies that the token may see, the newest first."""
        return (StudyBrief.of(each) for each in self._all("/studies"))

    def create_study(
        self,
        name: str,
        *,
        policies: Sequence[str] = ("default",),
        roster: Mapping[str, Any] | None = None,
        terms: Mapping[str, Any] | None = None,
    ) -> Study:
        """Make a study; `roster` and `terms` have the fields of docs/api.md."""
        body = {
            "name": name,
            "policies": list(policies),
            "roster": dict(roster or {}),
            "terms": dict(terms or {}),
        }
        return Study.of(self._requests.make("/studies", body))

    def study(self, study_id: str) -> Study:
        """Return a study."""
        return Study.of(self._requests.get(f"/studies/{study_id}"))

    def change_study(self, study: Study, **changes: Any) -> Study:
        """Change name, policies or terms of a study as it was seen.

        Refused with `changed_meanwhile` where somebody else was faster.
        """
        body = {"name": study.name, "policies": study.policies, "terms": study.terms, **changes}
        answer = self._requests.send(
            "PUT", f"/studies/{study.id}", json=body, headers=_match(study.version)
        )
        return Study.of(answer.json())

    def erase_study(self, study_id: str) -> None:
        """Erase a study with all of its recordings. Nobody can undo this."""
        self._requests.send("DELETE", f"/studies/{study_id}")

    def roster(self, study_id: str) -> Roster:
        """Return the names that a study knows beforehand."""
        return _roster(self._requests.send("GET", f"/studies/{study_id}/roster"))

    def change_roster(self, study_id: str, version: int, roster: Mapping[str, Any]) -> Roster:
        """Replace the names that a study, as it was in `version`, knows beforehand."""
        return _roster(
            self._requests.send(
                "PUT", f"/studies/{study_id}/roster", json=dict(roster), headers=_match(version)
            )
        )

    def recordings(
        self, study_id: str, *, states: Sequence[str] = (), order: str = "oldest"
    ) -> Iterator[Recording]:
        """Yield the recordings of a study, all or those in some states."""
        found = self._all(f"/studies/{study_id}/recordings", state=list(states), order=order)
        return (Recording.of(each) for each in found)

    def recording(self, study_id: str, recording_id: str) -> Recording:
        """Return a recording."""
        return Recording.of(self._requests.get(_place(study_id, recording_id)))

    def upload(
        self, study_id: str, *files: Path | str, kind: str = "individual", **wanted: str
    ) -> Recording:
        """Send the files of one recording, in their order, and begin to work on it.

        `wanted` may have `speakers` (`2` or `4-6`), `language` and the other fields of the form.
        The bytes go out as they are read. Files that are there already are refused with
        `already_there` and the id of their recording: sending again never makes a second one.
        """
        with ExitStack() as opened:
            streams = [opened.enter_context(Path(path).open("rb")) for path in files]

            def content() -> Mapping[str, Any]:
                for stream in streams:
                    stream.seek(0)
                parts = [
                    ("file", (Path(path).name, stream, "application/octet-stream"))
                    for path, stream in zip(files, streams, strict=True)
                ]
                return {"data": {"kind": kind, **wanted}, "files": parts}

            made = self._requests.send("POST", f"/studies/{study_id}/recordings", content)
        return self.recording(study_id, made.json()["id"])

    def retry(self, study_id: str, recording_id: str) -> Recording:
        """Take up a recording that failed or was stopped."""
        answer = self._requests.send("POST", f"{_place(study_id, recording_id)}/retry")
        return Recording.of(answer.json())

    def cancel(self, study_id: str, recording_id: str) -> Recording:
        """Stop what is being made of a recording."""
        answer = self._requests.send("POST", f"{_place(study_id, recording_id)}/cancel")
        return Recording.of(answer.json())

    def erase(self, study_id: str, recording_id: str) -> None:
        """Erase a recording with all that was made of it. Nobody can undo this."""
        self._requests.send("DELETE", _place(study_id, recording_id))

    def progress(self, study_id: str, recording_id: str) -> Progress:
        """Return how far a recording is."""
        return Progress.of(self._requests.get(f"{_place(study_id, recording_id)}/progress-now"))

    def wait(self, study_id: str, recording_id: str, told: Told | None = None) -> Recording:
        """Wait until nothing more is being made of a recording; `told` hears how far it is.

        A recording that failed is returned like any other: look at its `state`.
        """
        now = self.progress(study_id, recording_id)
        events = follow(self._http, f"{_place(study_id, recording_id)}/progress")
        if told is not None:
            told(now)
        while now.state in ("waiting", "working"):
            _, kind, data = next(events)
            if kind == "gone":
                raise Refused(404, "not_found", "This recording was erased meanwhile.")
            before, now = now, Progress.of(data)
            if told is not None and now != before:
                told(now)
        return self.recording(study_id, recording_id)

    def transcript(self, study_id: str, recording_id: str) -> Mapping[str, Any]:
        """Return the raw, private words of a recording (docs/schemas.md)."""
        found: Mapping[str, Any] = self._requests.get(
            f"{_place(study_id, recording_id)}/transcript"
        )
        return found

    def findings(
        self, study_id: str, recording_id: str, profile: int = 0
    ) -> Sequence[Mapping[str, Any]]:
        """Return what was found in a recording for one of its policies, counted from 0."""
        found: Sequence[Mapping[str, Any]] = self._requests.get(
            f"{_place(study_id, recording_id)}/findings", profile=profile
        )
        return found

    def releases(self, study_id: str) -> Iterator[Release]:
        """Yield what was signed off in a study, the newest first."""
        return (Release.of(each) for each in self._all(f"/studies/{study_id}/releases"))

    def release_file(self, study_id: str, release_id: str, kind: str = "json") -> bytes:
        """Return a release in a format by its key; `json` also says how it was checked."""
        return self._requests.file(f"/studies/{study_id}/releases/{release_id}/file?format={kind}")

    def release_package(self, study_id: str, release_id: str) -> bytes:
        """Return a release as one zip, which `transcriber release verify` checks."""
        return self._requests.file(f"/studies/{study_id}/releases/{release_id}/package")

    def bundle(self, study_id: str, tool: str | None = None) -> bytes:
        """Return the latest releases of a study as one zip file, for a coding tool if one is named.

        Tools are `nvivo`, `atlasti`, `maxqda`, `qualcoder` and `taguette`.
        """
        return self._requests.file(f"/studies/{study_id}/bundle", tool=tool)

    def _all(self, path: str, **query: Any) -> Iterator[Mapping[str, Any]]:
        cursor: str | None = None
        while True:
            page = self._requests.get(path, limit=PAGE, cursor=cursor, **query)
            yield from page["items"]
            cursor = page["cursor"]
            if cursor is None:
                return


def _place(study_id: str, recording_id: str) -> str:
    return f"/studies/{study_id}/recordings/{recording_id}"


def _match(version: int) -> Mapping[str, str]:
    return {"If-Match": f'"{version}"'}


def _roster(answer: httpx.Response) -> Roster:
    return Roster.of({**answer.json(), "version": int(answer.headers["ETag"].strip('"'))})
