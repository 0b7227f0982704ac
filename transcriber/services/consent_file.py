"""What the participants of a study agreed to: `private/consent.yaml`, docs/speakers.md.

voice_prints: yes
recorded_on: 2026-11-20
recorded_by: ethics application 2026/114, consent form 3
except: [INT07]
"""

from dataclasses import dataclass
from pathlib import Path

from transcriber.domain.errors import ConsentError
from transcriber.services.settings_file import parse_mapping, read_text, require_known

FILE_NAME = "consent.yaml"
FIELDS = ("voice_prints", "recorded_on", "recorded_by", "except")


@dataclass(frozen=True, slots=True)
class Consent:
    """Voices may be compared, but not in the recordings with the codes in `exceptions`."""

    exceptions: frozenset[str]


def voice_consent(private: Path) -> Consent:
    """Return the consent to compare voices.

    Raises ConsentError where there is none on record: a voice print is biometric data, and asking
    for it on the command line is not the participants' consent.
    """
    path = private / FILE_NAME
    if not path.is_file():
        raise ConsentError(
            "no_consent",
            "Voices are compared only where the study's consent is on record, because a voice "
            "print is biometric data. Write private/consent.yaml in the output folder "
            "(docs/speakers.md says how), or leave out --compare-voices.",
        )
    text = read_text(path, "consent", ConsentError)
    fields = parse_mapping(text, "consent", ConsentError, as_json=False)
    require_known(fields, FIELDS, "the consent file", ConsentError)
    if fields.get("voice_prints") is not True:
        raise ConsentError(
            "no_consent",
            "The study's consent file does not allow voice prints (voice_prints: yes). "
            "Leave out --compare-voices.",
        )
    for field in ("recorded_on", "recorded_by"):
        if not fields.get(field):
            raise ConsentError(
                "incomplete_consent",
                f"In the consent file, field '{field}' is missing. Write down when the consent was "
                "recorded and where it can be looked up.",
            )
    exceptions = fields.get("except") or []
    if not isinstance(exceptions, list) or not all(isinstance(code, str) for code in exceptions):
        raise ConsentError(
            "not_a_list", "In the consent file, 'except' must be a list of recording codes."
        )
    return Consent(frozenset(exceptions))
