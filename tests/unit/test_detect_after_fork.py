"""A worker process forks from one that has no model yet, and then loads it once."""

import json
import subprocess
import sys

SCRIPT = """
import json
from multiprocessing import get_context

from transcriber.bootstrap import build_detectors
from transcriber.domain.roster import Participant, Roster
from transcriber.engines.presidio.names.model import read_model
from transcriber.services.policy_file import load_policy
from transcriber.stages.detect import detect

ROSTER = Roster(participants=(Participant("Sarah Whitfield", "P01"),))


def work(detectors, sender):
    found = [
        [f.text for f in detect(text, load_policy(), ROSTER, detectors)]
        for text in ("I told Orla Keane of it.", "and Sarah Whitefield too", "then Orla came")
    ]
    sender.send((found, read_model.cache_info().misses))


detectors = build_detectors()
forking = get_context("fork")
receiver, sender = forking.Pipe(duplex=False)
worker = forking.Process(target=work, args=(detectors, sender), daemon=True)
worker.start()
found, loaded = receiver.recv()
worker.join()
print(json.dumps({"found": found, "worker": loaded, "parent": read_model.cache_info().misses}))
"""


def test_a_forked_worker_loads_the_model_once_and_finds_names() -> None:
    """Workers are daemons, as Celery's are: they may have no processes of their own."""
    done = subprocess.run([sys.executable, "-c", SCRIPT], capture_output=True, check=True)
    told = json.loads(done.stdout)
    assert (told["parent"], told["worker"]) == (0, 1)
    assert ["Orla" in " ".join(texts) for texts in told["found"]] == [True, False, True]
    assert told["found"][1] == ["Sarah Whitefield"]
