"""From documents to the model's files: one tagger for text with capitals, one for text without."""

import hashlib
import random
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from transcriber.engines.presidio.names.features import NameFeatures
from transcriber.engines.presidio.names.lexicon import NameLexicon
from transcriber.engines.presidio.names.model import CASED_FILE, LEXICON_FILE, UNCASED_FILE
from transcriber.stages.words import TextWords
from transcriber.training.documents import (
    Document,
    careless,
    documents,
    forgetful,
    uncased,
)
from transcriber.training.lexicon import build_lexicon, ordinary_words

DOCUMENTS = 1300
ITERATIONS = 70
SHORT = {"PERSON": "P", "LOCATION": "L", "ORGANISATION": "O", "OTHER": "M"}
HASHES_FILE = "sha256.txt"

Sequences = tuple[list[list[str]], list[str]]


@dataclass(frozen=True, slots=True)
class Trained:
    """A file that training wrote, and its SHA-256."""

    path: Path
    sha256: str


def train(folder: Path, share: float = 1.0, seed: int = 7) -> tuple[Trained, ...]:
    """Write the lexicon and both taggers to `folder`; `share` is the part of the documents used.

    The same packages, share and seed give the same bytes.
    """
    folder.mkdir(parents=True, exist_ok=True)
    lexicon = build_lexicon()
    (folder / LEXICON_FILE).write_bytes(lexicon.packed())
    written = list(written_documents(lexicon, max(2, round(DOCUMENTS * share)), seed))
    draw = random.Random(seed)
    for name, is_cased in ((CASED_FILE, True), (UNCASED_FILE, False)):
        forms = (careless(d, draw) if is_cased else uncased(d) for d in written)
        _fit(folder / name, (s for d in forms for s in sequences(d, lexicon, draw)))
    trained = tuple(
        Trained(folder / name, hashlib.sha256((folder / name).read_bytes()).hexdigest())
        for name in (LEXICON_FILE, CASED_FILE, UNCASED_FILE)
    )
    (folder / HASHES_FILE).write_text(listed(trained), "utf-8")
    return trained


def written_documents(lexicon: NameLexicon, count: int, seed: int) -> Iterator[Document]:
    """Yield documents whose ordinary words are drawn from the lexicon."""
    ordinary = ordinary_words(lexicon)

    def word(ending: str, draw: random.Random) -> str:
        return draw.choice(ordinary[ending])

    return documents(count, seed, word)


def sequences(document: Document, lexicon: NameLexicon, draw: random.Random) -> Iterator[Sequences]:
    """Yield features and labels of every run of words that may hold a name."""
    words = TextWords(document.text)
    features = NameFeatures(words, forgetful(document, lexicon, draw))
    labels = _labels(document, words)
    for first, last in features.sequences():
        yield features.of_run(first, last), labels[first : last + 1]


def _labels(document: Document, words: TextWords) -> list[str]:
    labels = ["O"] * len(words)
    spans = iter(document.spans)
    span = next(spans, None)
    opened = False
    for number, word in enumerate(words):
        while span and word.start >= span.end:
            span, opened = next(spans, None), False
        if span and word.end > span.start:
            labels[number] = f"{'I' if opened else 'B'}{SHORT[span.kind]}"
            opened = True
    return labels


def _fit(path: Path, examples: Iterator[Sequences]) -> None:
    import pycrfsuite

    trainer = pycrfsuite.Trainer(algorithm="lbfgs", verbose=False)
    trainer.set_params(
        {
            "c1": 0.3,
            "c2": 0.02,
            "max_iterations": ITERATIONS,
            "feature.minfreq": 4,
            "feature.possible_transitions": False,
        }
    )
    for features, labels in examples:
        trainer.append(features, labels)
    trainer.train(str(path))


def listed(trained: Sequence[Trained]) -> str:
    """Return the files with their hashes, one a line, as `sha256sum` writes them."""
    return "".join(f"{item.sha256}  {item.path.name}\n" for item in trained)
