"""Models that a policy adds find beside ours, never instead; none is fetched."""

import random
import subprocess
import sys
from pathlib import Path

import pytest
import spacy
from spacy.training import Example
from thinc.api import fix_random_seed

from tests.memory_register import MemoryRegister
from transcriber.domain.errors import EngineMissing
from transcriber.domain.finding import EntityType
from transcriber.domain.policy import NerKind, NerModel
from transcriber.domain.roster import Roster
from transcriber.engines.presidio.added_models import PIECE_CHARACTERS, load_added
from transcriber.engines.presidio.detector import PresidioDetector
from transcriber.services.policy_file import load_policy
from transcriber.stages.detect import detect
from transcriber.stages.pseudonymise.apply import apply_policy

POLICY = load_policy("default")
P, O, N = EntityType.PERSON, EntityType.ORGANISATION, EntityType.NATIONALITY  # noqa: E741
TAUGHT = {"cushion": "PERSON", "bucket": "ORG", "doorway": "NORP", "whitfield": "PERSON"}
"""Everyday words that ours leave alone, and a name; two are given dates to find."""


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Train a spaCy model that knows four words, and what OntoNotes calls a date."""
    fix_random_seed(1)
    nlp = spacy.blank("en")
    nlp.add_pipe("ner")
    examples = []
    for word, label in [*TAUGHT.items(), ("yesterday", "DATE"), ("2003", "DATE"), ("tables", "")]:
        for text in (f"so the {word} was late", f"we had {word}", f"and then {word} came"):
            start = text.index(word)
            spans = [(start, start + len(word), label)] if label else []
            examples.append(Example.from_dict(nlp.make_doc(text), {"entities": spans}))
    optimiser = nlp.initialize(lambda: examples)
    order = random.Random(1)
    for _ in range(40):
        order.shuffle(examples)
        nlp.update(examples, sgd=optimiser)
    path = tmp_path_factory.mktemp("added") / "model"
    nlp.to_disk(path)
    return path


@pytest.fixture(scope="module")
def combined(folder: Path) -> PresidioDetector:
    return PresidioDetector([NerModel(NerKind.SPACY, str(folder))])


def test_it_finds_what_ours_leave(combined: PresidioDetector) -> None:
    text = "so the cushion was late\n\nso the bucket was late\nthe doorway was late"
    assert detect(text, POLICY, Roster(), [PresidioDetector()]) == ()
    found = detect(text, POLICY, Roster(), [combined])
    assert [(f.entity_type, f.text, f.source) for f in found] == [
        (P, "cushion", "spaCy model"),
        (O, "bucket", "spaCy model"),
        (N, "doorway", "spaCy model"),
    ]


def test_what_ours_find_stays_found(combined: PresidioDetector) -> None:
    text = "My name is Sarah Jones.\nAsk Tom in Leeds, on 07700 900153, about cushion."
    ours = detect(text, POLICY, Roster(people=("Tom",)), [PresidioDetector()])
    both = detect(text, POLICY, Roster(people=("Tom",)), [combined])
    assert len(ours) == 4
    assert {(f.entity_type, f.text) for f in both} >= {
        *((f.entity_type, f.text) for f in ours),
        (P, "cushion"),
    }


def test_a_name_that_both_find_is_still_one_person(combined: PresidioDetector) -> None:
    text = "My name is Sarah Whitfield.\nand then whitfield came, said Mrs Whitfield"
    found = detect(text, POLICY, Roster(), [combined])
    made = apply_policy(found, POLICY, Roster(), MemoryRegister(), {None: text})
    assert [f.text.casefold() for f in made] == ["sarah whitfield", "whitfield", "mrs whitfield"]
    assert {f.replacement for f in made} == {"[PERSON_1]"}


def test_a_day_that_no_calendar_knows_is_no_date(combined: PresidioDetector) -> None:
    text = "so the yesterday was late\nso the 2003 was late"
    found = detect(text, POLICY, Roster(), [combined])
    assert [f.text for f in found if f.entity_type is EntityType.DATE] == ["2003"]


def test_any_text_keeps_its_offsets(folder: Path) -> None:
    recogniser = load_added(NerModel(NerKind.SPACY, str(folder)))
    long_line = "and then cushion came " * (PIECE_CHARACTERS // 10)
    hostile = "\ud800 \0\n\u202e\U0001f469\u200d\U0001f467 we had cushion"
    text = f"{hostile}\n{long_line}\n{'x' * PIECE_CHARACTERS * 2}\nwe had cushion"
    found = [text[result.start : result.end] for result in recogniser.analyze(text, [P])]
    assert found.count("cushion") == text.count("cushion")


NOT_THERE = [
    (NerModel(NerKind.SPACY, "en_core_web_nonesuch"), "python -m spacy download"),
    (NerModel(NerKind.SPACY, "/nowhere/model"), "with its config.cfg"),
    (NerModel(NerKind.GLINER, "/nowhere/urchade/gliner"), "with its gliner_config.json"),
    (NerModel(NerKind.TRANSFORMERS, "/nowhere/ner"), "nothing is ever downloaded"),
]


@pytest.mark.parametrize(("model", "part"), NOT_THERE, ids=[row[0].name for row in NOT_THERE])
def test_a_model_that_is_not_there_is_missed_at_once(model: NerModel, part: str) -> None:
    with pytest.raises(EngineMissing) as missing:
        PresidioDetector([model])
    assert missing.value.code == "added_model_missing"
    assert part in missing.value.sentence
    assert "nowhere" not in missing.value.sentence


def test_a_folder_that_is_no_model_is_refused(tmp_path: Path) -> None:
    (tmp_path / "config.cfg").write_text("nothing", encoding="utf-8")
    detector = PresidioDetector([NerModel(NerKind.SPACY, str(tmp_path))])
    with pytest.raises(EngineMissing) as unusable:
        detect("Sarah", POLICY, Roster(), [detector])
    assert unusable.value.code == "added_model_unusable"


def test_a_model_of_other_things_is_refused(tmp_path: Path) -> None:
    nlp = spacy.blank("en")
    nlp.add_pipe("sentencizer")
    nlp.to_disk(tmp_path / "model")
    detector = PresidioDetector([NerModel(NerKind.SPACY, str(tmp_path / "model"))])
    with pytest.raises(EngineMissing) as other:
        detect("Sarah", POLICY, Roster(), [detector])
    assert other.value.code == "added_model_other"


STAND_INS = {
    "gliner": """
class GLiNERConfig:
    pass


class GLiNER:
    @classmethod
    def from_pretrained(cls, folder, *, local_files_only, map_location, load_onnx_model,
                        onnx_model_file):
        assert local_files_only and folder.endswith("folder")
        return cls()

    def predict_entities(self, *, text, labels, flat_ner, threshold, multi_label):
        assert sorted(labels) == [
            "address", "location", "nationality", "organization", "person", "religion"]
        at = text.find("cushion")
        found = {"start": at, "end": at + 7, "label": "person", "score": 1.0}
        return [found] if at >= 0 else []
""",
    "transformers": """
from types import SimpleNamespace


def pipeline(task, model, tokenizer, aggregation_strategy, device):
    assert (task, aggregation_strategy) == ("token-classification", "simple")
    assert model.endswith("folder") and tokenizer == model

    def predict(text):
        if "break" in text:
            raise RuntimeError(text)
        at = text.find("bucket")
        found = [{"start": at, "end": at + 6, "entity_group": "ORG", "score": 1.0},
                 {"start": 0, "end": 2, "entity_group": "MISC", "score": 0.9}]
        return found if at >= 0 else []

    predict.model = SimpleNamespace(
        config=SimpleNamespace(id2label={0: "O", 1: "B-ORG", 2: "I-ORG", 3: "B-MISC"}))
    return predict
""",
}
SCRIPT = """
import sys

from transcriber.domain.errors import EngineFailed
from transcriber.domain.policy import NerKind, NerModel
from transcriber.domain.roster import Roster
from transcriber.engines.presidio.detector import PresidioDetector
from transcriber.services.policy_file import load_policy
from transcriber.stages.detect import detect

folder = sys.argv[1] + "/folder"
models = [NerModel(NerKind.GLINER, folder), NerModel(NerKind.TRANSFORMERS, folder)]
detectors = [PresidioDetector(models)]
text = "we had none\\nso the cushion was late\\nand then bucket came"
try:
    detect("break", load_policy(), Roster(), detectors)
except EngineFailed as error:
    print(error.code)
for f in detect(text, load_policy(), Roster(), detectors):
    print(f.entity_type, f.text, f.score, f.source)
"""


def run_with_stand_ins(tmp_path: Path, *packages: str) -> subprocess.CompletedProcess[str]:
    """Run the script where the packages are stand-ins that honour what Presidio calls."""
    (tmp_path / "folder").mkdir()
    for mark in ("config.json", "gliner_config.json"):
        (tmp_path / "folder" / mark).write_text("{}", encoding="utf-8")
    for package in packages:
        (tmp_path / f"{package}.py").write_text(STAND_INS[package], encoding="utf-8")
    program = f"import sys; sys.path.insert(0, {str(tmp_path)!r}){SCRIPT}"
    return subprocess.run(
        [sys.executable, "-c", program, str(tmp_path)], capture_output=True, text=True, check=False
    )


def test_gliner_and_transformers_models_are_combined(tmp_path: Path) -> None:
    ran = run_with_stand_ins(tmp_path, "gliner", "transformers")
    assert ran.stdout.splitlines() == [
        "added_model_failed",
        "PERSON cushion 1.0 GLiNER model",
        "ORGANISATION bucket 1.0 transformers model",
    ], ran.stderr


@pytest.mark.parametrize("kind", [NerKind.GLINER, NerKind.TRANSFORMERS])
def test_what_runs_a_model_has_to_be_installed(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, kind: NerKind
) -> None:
    for mark in ("config.json", "gliner_config.json"):
        (tmp_path / mark).write_text("{}", encoding="utf-8")
    monkeypatch.setitem(sys.modules, kind.value, None)
    monkeypatch.setattr(sys, "path", [])
    with pytest.raises(EngineMissing) as missing:
        PresidioDetector([NerModel(kind, str(tmp_path))])
    assert missing.value.code == "added_package_missing"
    assert f"pip install {kind.value}" in missing.value.sentence
