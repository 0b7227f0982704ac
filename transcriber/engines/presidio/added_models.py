"""Models of other people that a policy adds: what they find stands beside what ours find.

spaCy models are run here, GLiNER and transformers models by Presidio's own recognisers.
"""

import re
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from importlib.metadata import PackageNotFoundError, distribution
from importlib.util import find_spec
from pathlib import Path
from typing import Any

from presidio_analyzer import LocalRecognizer, RecognizerResult

from transcriber.domain.errors import EngineFailed, EngineMissing
from transcriber.domain.finding import EntityType
from transcriber.domain.policy import NerKind, NerModel
from transcriber.stages.number_words import MONTHS

TITLES = {
    NerKind.SPACY: "spaCy model",
    NerKind.GLINER: "GLiNER model",
    NerKind.TRANSFORMERS: "transformers model",
}
"""Sources of findings. A folder's name is left out: it may say whose it is."""
MARKS = {
    NerKind.SPACY: "config.cfg",
    NerKind.GLINER: "gliner_config.json",
    NerKind.TRANSFORMERS: "config.json",
}
"""The file that tells a folder of each kind."""

_LABELS_BY_TYPE: Mapping[EntityType, str] = {
    EntityType.PERSON: "PER PS NAME FIRSTNAME LASTNAME GIVENNAME SURNAME PATIENT STAFF HCW",
    EntityType.LOCATION: "LOC GPE FAC LC CITY STATE COUNTY COUNTRY STREET",
    EntityType.ORGANISATION: "ORG ORGANIZATION OG HOSP HOSPITAL PATORG VENDOR",
    EntityType.DATE: "DAT DT DATE_TIME DATEOFBIRTH DOB",
    EntityType.PHONE: "PHONE_NUMBER PHONENUMBER TELEPHONENUM",
    EntityType.EMAIL: "EMAIL_ADDRESS",
    EntityType.HANDLE: "USERNAME",
    EntityType.ID: "IDNUM",
    EntityType.POSTCODE: "ZIPCODE ZIP",
    EntityType.OCCUPATION: "PROFESSION JOBTITLE",
    EntityType.NATIONALITY: "NORP",
}
LABELS: Mapping[str, EntityType] = {
    **{kind.value: kind for kind in EntityType},
    **{label: kind for kind, labels in _LABELS_BY_TYPE.items() for label in labels.split()},
}
"""Labels of OntoNotes, CoNLL 2003 and WikiNER, the i2b2 and Stanford de-identification models,
Presidio, and the common models of personal data, beside our own. Others are passed over."""
ASKED = {
    "person": EntityType.PERSON,
    "location": EntityType.LOCATION,
    "organization": EntityType.ORGANISATION,
    "address": EntityType.ADDRESS,
    "nationality": EntityType.NATIONALITY,
    "religion": EntityType.RELIGION,
}
"""What a GLiNER model is asked for. Every further label makes it worse at the others."""

SPACY_SCORE = 0.85
"""spaCy gives none; this is what Presidio gives its findings."""
PIECE_CHARACTERS = 10_000
"""Longest text that a model reads at once; turns are shorter."""
NEEDLESS = ("parser", "senter", "tagger", "morphologizer", "attribute_ruler", "lemmatizer")
"""Parts of a spaCy pipeline that take most of its time and that names do not rest on."""

_BEGINS_OR_INSIDE = re.compile(r"^[BIULES]-")
_CALENDAR = re.compile(
    rf"\b(?:1[89]|20)\d\d\b|\b\d\d?[./-]\d\d?[./-]\d|\b(?:{'|'.join(MONTHS)})\b", re.IGNORECASE
)
"""`Yesterday`, `two years` and `34 years old` are dates to OntoNotes, not to a policy."""
_LONE_SURROGATE = re.compile(r"[\ud800-\udfff]")


@dataclass(frozen=True, slots=True)
class Hit:
    """Characters from `start` to before `end` of a piece, under the model's own label."""

    start: int
    end: int
    label: str
    score: float


@dataclass(frozen=True, slots=True)
class Tagger:
    """A loaded model: its labels, and what it finds in each of several pieces of text."""

    labels: Iterable[str]
    hits: Callable[[Sequence[str]], Iterable[Iterable[Hit]]]


class AddedModelRecogniser(LocalRecognizer):  # type: ignore[misc]
    """A Presidio recogniser around a model that was made elsewhere."""

    def __init__(self, title: str, tagger: Tagger) -> None:
        types = {kind for label in tagger.labels if (kind := _kind(label))}
        super().__init__(supported_entities=sorted(types), name=title)
        self._tagger = tagger

    def load(self) -> None:
        """Load nothing: the model is loaded before its recogniser is made."""

    def analyze(
        self, text: str, entities: list[str], nlp_artifacts: object = None
    ) -> list[RecognizerResult]:
        """Return what Presidio asks of a recogniser: results with character offsets.

        The model reads turn by turn. Raises EngineFailed when it breaks.
        """
        pieces = list(_pieces(_LONE_SURROGATE.sub("\N{REPLACEMENT CHARACTER}", text)))
        try:
            found = list(self._tagger.hits([piece for _, piece in pieces]))
        except Exception as error:  # What a model can raise is not listed anywhere.
            raise EngineFailed(
                "added_model_failed",
                "A model that the policy adds stopped while it worked, perhaps for want of memory, "
                "so nothing was redacted. Close other programs and run again, or take it out of "
                "'models' of the policy.",
            ) from error
        return [
            RecognizerResult(kind, offset + hit.start, offset + hit.end, hit.score)
            for (offset, piece), hits in zip(pieces, found, strict=True)
            for hit in hits
            if (kind := _kind(hit.label)) in entities
            and (kind is not EntityType.DATE or _CALENDAR.search(piece, hit.start, hit.end))
        ]


def require_installed(model: NerModel) -> None:
    """Make sure that a model and what runs it are on this machine, without loading them.

    Raises EngineMissing, because nothing is ever fetched.
    """
    path = Path(model.name)
    if not path.is_absolute():
        try:
            distribution(model.name)
        except PackageNotFoundError as error:
            raise EngineMissing(
                "added_model_missing",
                "A spaCy model that the policy adds is not installed. Run `python -m spacy "
                "download NAME` where there is internet, or `pip install FILE` with its wheel "
                "from a stick. A folder is written with a slash, such as ./my-model.",
            ) from error
        return
    if not (path / MARKS[model.kind]).is_file():
        raise EngineMissing(
            "added_model_missing",
            f"A {TITLES[model.kind]} that the policy adds is not in the folder named there, and "
            f"nothing is ever downloaded. Put the model's own folder, with its {MARKS[model.kind]},"
            " on this machine and write its path in the policy.",
        )
    if find_spec(model.kind.value) is None:
        raise EngineMissing(
            "added_package_missing",
            f"The policy adds a {TITLES[model.kind]}, and what runs it is not installed. "
            f"Run `pip install {model.kind}`.",
        )


def load_added(model: NerModel) -> AddedModelRecogniser:
    """Load a model into a recogniser. Raises EngineMissing when it cannot be used."""
    try:
        tagger = _LOADERS[model.kind](model.name)
    except Exception as error:  # As above.
        raise EngineMissing(
            "added_model_unusable",
            f"A {TITLES[model.kind]} that the policy adds cannot be loaded: its folder lacks "
            "files, or it was made for another version, or it would go to the internet. "
            "Get all of it again, or take it out of 'models' of the policy.",
        ) from error
    title = TITLES[model.kind]
    if not Path(model.name).is_absolute():
        title = f"{title} {model.name}"
    recogniser = AddedModelRecogniser(title, tagger)
    if not recogniser.supported_entities:
        raise EngineMissing(
            "added_model_other",
            f"A {TITLES[model.kind]} that the policy adds was trained to mark neither names nor "
            "anything else that is looked for here. Take it out of 'models' of the policy.",
        )
    return recogniser


def _kind(label: str) -> EntityType | None:
    plain = _BEGINS_OR_INSIDE.sub("", label.upper())
    return LABELS.get(plain.replace(" ", "_").replace("-", "_"))


def _pieces(text: str) -> Iterator[tuple[int, str]]:
    """Yield offset and text of each turn; a very long one is cut at spaces where it has some."""
    start = 0
    for line in text.split("\n"):
        at = 0
        while at < len(line):
            end = min(at + PIECE_CHARACTERS, len(line))
            if end < len(line):
                space = line.rfind(" ", at, end)
                end = space if space > at else end
            if line[at:end].strip():
                yield start + at, line[at:end]
            at = end
        start += len(line) + 1


def _spacy(name: str) -> Tagger:
    import spacy

    nlp = spacy.load(name)
    finders = [n for n in nlp.pipe_names if "doc.ents" in nlp.get_pipe_meta(n).assigns]
    if not any(nlp.get_pipe_meta(n).factory.endswith("ruler") for n in finders):
        # Rules may rest on any part of the pipeline, trained finders only on vectors.
        for needless in set(NEEDLESS).intersection(nlp.pipe_names):
            nlp.disable_pipe(needless)
    labels = [label for finder in finders for label in nlp.pipe_labels.get(finder, [])]
    return Tagger(
        labels,
        lambda pieces: (
            [Hit(e.start_char, e.end_char, e.label_, SPACY_SCORE) for e in doc.ents]
            for doc in nlp.pipe(pieces)
        ),
    )


def _gliner(folder: str) -> Tagger:
    from presidio_analyzer.predefined_recognizers import GLiNERRecognizer

    inner = GLiNERRecognizer(
        model_name=folder,
        entity_mapping={label: kind.value for label, kind in ASKED.items()},
        local_files_only=True,
    )
    # Types that are not asked for here would be added to the labels that the model gets.
    return Tagger(ASKED, lambda pieces: _by_presidio(inner, pieces, inner.supported_entities))


def _transformers(folder: str) -> Tagger:
    from presidio_analyzer.predefined_recognizers import HuggingFaceNerRecognizer

    inner = HuggingFaceNerRecognizer(
        model_name=folder, label_mapping={}, supported_entities=sorted(EntityType)
    )
    labels = list(inner.ner_pipeline.model.config.id2label.values())
    watched = inner.ner_pipeline = _Watched(inner.ner_pipeline)

    def hits(pieces: Sequence[str]) -> Iterator[list[Hit]]:
        watched.error = None
        for found in _by_presidio(inner, pieces, []):
            if watched.error is not None:
                raise watched.error
            yield found

    return Tagger(labels, hits)


_LOADERS: Mapping[NerKind, Callable[[str], Tagger]] = {
    NerKind.SPACY: _spacy,
    NerKind.GLINER: _gliner,
    NerKind.TRANSFORMERS: _transformers,
}


class _Watched:
    """Remembers that a pipeline broke: Presidio would log it and go on with nothing found."""

    def __init__(self, pipeline: Any) -> None:
        self._pipeline = pipeline
        self.error: Exception | None = None

    def __call__(self, text: str) -> Any:
        try:
            return self._pipeline(text)
        except Exception as error:
            self.error = error
            raise


def _by_presidio(inner: Any, pieces: Sequence[str], entities: list[str]) -> Iterator[list[Hit]]:
    for piece in pieces:
        results = inner.analyze(piece, entities)
        yield [Hit(r.start, r.end, r.entity_type, float(r.score)) for r in results]
