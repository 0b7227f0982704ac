"""A client of tus in a few lines, to say exactly what goes over the wire."""

import base64
from dataclasses import dataclass
from typing import Any

from fastapi.testclient import TestClient

Answer = Any
"""What the test client answers; which library it is of depends on the framework's version."""

HEADERS = {"Tus-Resumable": "1.0.0"}
BODY = {"Content-Type": "application/offset+octet-stream"}


@dataclass
class Tus:
    """Asks the uploads of one study."""

    client: TestClient
    study_id: str

    @property
    def path(self) -> str:
        return f"/api/v1/studies/{self.study_id}/uploads"

    def create(self, length: int, name: str = "talk.wav", body: bytes | None = None) -> Answer:
        coded = base64.b64encode(name.encode()).decode()
        headers = {
            **HEADERS,
            "Upload-Length": str(length),
            "Upload-Metadata": f"filename {coded}",
            **(BODY if body is not None else {}),
        }
        return self.client.post(self.path, headers=headers, content=body)

    def begun(self, length: int, name: str = "talk.wav") -> str:
        """Begin an upload and return where it is."""
        answer = self.create(length, name)
        assert answer.status_code == 201, answer.text
        return str(answer.headers["location"])

    def offset(self, place: str) -> int:
        answer = self.client.head(place, headers=HEADERS)
        assert answer.status_code == 200
        return int(answer.headers["upload-offset"])

    def patch(self, place: str, offset: int, data: bytes, **more: str) -> Answer:
        headers = {**HEADERS, **BODY, "Upload-Offset": str(offset), **more}
        return self.client.patch(place, headers=headers, content=data)

    def delete(self, place: str) -> Answer:
        return self.client.delete(place, headers=HEADERS)

    def sent(self, data: bytes, name: str = "talk.wav") -> str:
        """Send a whole file and return the id of its upload."""
        place = self.begun(len(data), name)
        answer = self.patch(place, 0, data)
        assert answer.status_code == 204, answer.text
        return place.rpartition("/")[2]
