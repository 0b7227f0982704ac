"""The service from Python: studies, uploads, progress, transcripts, releases.

    from transcriber.client import Client

    with Client("https://transcriber.example.ac.uk", token) as client:
        study = client.create_study("Peer support", policies=["team"])
        recording = client.upload(study.id, "interview.m4a", kind="individual")
        client.wait(study.id, recording.id)

It needs httpx and nothing else of Transcriber.
"""

from transcriber.client.client import Client
from transcriber.client.errors import Refused
from transcriber.client.records import (
    Eta,
    Progress,
    Recording,
    Release,
    Roster,
    Study,
    StudyBrief,
)

__all__ = [
    "Client",
    "Eta",
    "Progress",
    "Recording",
    "Refused",
    "Release",
    "Roster",
    "Study",
    "StudyBrief",
]
