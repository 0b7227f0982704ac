"""Submits recordings until it is killed: `python -m tests.reliability.submitter FOLDER NUMBER`."""

import sys
from itertools import count
from pathlib import Path

from transcriber.domain.recording import Kind
from transcriber.domain.roster import Roster
from transcriber.services.policy_file import load_policies
from transcriber.services.settings import load_settings
from transcriber.services.store import open_store
from transcriber.services.submit import Submission, study_for, submit

if __name__ == "__main__":
    folder, number = Path(sys.argv[1]), sys.argv[2]
    store = open_store(load_settings())
    study = study_for(store, "Trial", Roster(), load_policies(["default"]))
    for entry in count():
        path = folder / f"upload-{number}.wav"
        path.write_bytes(f"{number} {entry}".encode())
        submit(store, study, Submission((path,), Kind.INDIVIDUAL))
        if entry == 0:
            print("at it", flush=True)
