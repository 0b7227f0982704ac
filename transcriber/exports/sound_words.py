"""The sound check in plain words: what is heard, what it means, what to do."""

from transcriber.domain.sound import (
    POOR_CLARITY_DB,
    SOME_SHARE,
    Aspect,
    Severity,
    SoundCheck,
    SoundFigures,
)

GOOD_SENTENCE = "The sound is good: voices are clear and close."
"""Said where nothing is wrong."""

UNSURE_SENTENCE = (
    "The sound is good as far as it can be judged; there is little speech to judge by."
)
"""Said where nothing is wrong and the distance of the voices is not known."""

_SENTENCES = {
    (Aspect.NOISE, Severity.FAIR): (
        "There is noise behind the voices: expect some wrong words where people speak softly. "
        "Next time switch off fans, close windows and move the recorder closer."
    ),
    (Aspect.NOISE, Severity.POOR): (
        "The noise is nearly as loud as the voices: expect many wrong words, and plan time to "
        "listen again. Next time choose a quieter room and move the recorder closer."
    ),
    (Aspect.DISTANCE, Severity.FAIR): (
        "The room echoes: expect some wrong words. "
        "Next time move the recorder closer and choose a room with carpet and curtains."
    ),
    (Aspect.DISTANCE, Severity.POOR): (
        "The voices are far from the microphone, or the room is bare: expect many wrong words. "
        "Next time put the recorder on the table, within reach of everybody."
    ),
    (Aspect.SPREAD, Severity.FAIR): (
        "Some people sound much quieter than others: check their words with more care. "
        "Next time put the recorder at the same distance from everybody."
    ),
    (Aspect.SPREAD, Severity.POOR): (
        "Some people can hardly be heard beside the others: expect missing words where they "
        "speak. Next time put the recorder nearer to quiet speakers, or use two."
    ),
    (Aspect.CLIPPING, Severity.FAIR): (
        "The loudest moments are distorted: check the words where people laugh or raise their "
        "voice. Next time turn the recording level down a little."
    ),
    (Aspect.CLIPPING, Severity.POOR): (
        "Much of the talk is distorted because it was recorded too loud: expect wrong words. "
        "Turning it down now does not help; next time turn the recording level down."
    ),
    (Aspect.LEVEL, Severity.FAIR): (
        "The recording is quiet: turn up the volume when you listen. "
        "Next time turn the recording level up or move the recorder closer."
    ),
    (Aspect.LEVEL, Severity.POOR): (
        "The recording is very quiet: use headphones when you check it, and expect soft words to "
        "be missing. Next time turn the recording level up and move the recorder closer."
    ),
    (Aspect.HUM, Severity.FAIR): (
        "There is a low hum from the mains: it rarely costs words, but it tires the ear. "
        "Next time keep the recorder and its cable away from chargers and sockets."
    ),
    (Aspect.HUM, Severity.POOR): (
        "A low hum from the mains is nearly as loud as the voices: expect wrong words. "
        "Next time run the recorder on its battery, away from chargers and sockets."
    ),
    (Aspect.BANDWIDTH, Severity.FAIR): (
        "This sounds like a telephone line: names and similar sounds, such as f and s, are easily "
        "confused. Check names with care. Next time, if you may, record the call with an app."
    ),
    # No share is named: over-talk can be told from one channel, but hardly be counted.
    (Aspect.OVER_TALK, Severity.FAIR): (
        "People seem to talk over each other in places: check who said what there. "
        "Next time ask the group to speak one at a time."
    ),
}
_SOME_DISTANT = (
    "Some voices are far from the microphone: expect wrong words where they speak. "
    "Put the recorder in the middle of the table next time."
)


def sound_sentences(check: SoundCheck) -> tuple[str, ...]:
    """Return what to tell a researcher, most harmful first; one calm sentence for good sound."""
    found = sorted(
        (verdict for verdict in check.verdicts if verdict.severity is not Severity.GOOD),
        key=lambda verdict: verdict.severity is not Severity.POOR,
    )
    if found:
        return tuple(_sentence(v.aspect, v.severity, check.figures) for v in found)
    known = check.severity(Aspect.DISTANCE) is not None
    return (GOOD_SENTENCE,) if known else (UNSURE_SENTENCE,)


def sound_table(figures: SoundFigures) -> tuple[tuple[str, str], ...]:
    """Return name and figure of each thing measured, for those who want to compare recordings."""
    rows = [
        ("Level of the voices", f"{figures.speech_level_dbfs:.0f} dBFS"),
        ("Voices above noise", f"{figures.signal_to_noise_db:.0f} dB"),
        ("Between loud and quiet talk", f"{figures.level_spread_db:.0f} dB"),
        ("Distorted talk", f"{figures.clipped_share:.1%}"),
        ("Highest sound of the voices", f"{figures.bandwidth_hz / 1000:.1f} kHz"),
    ]
    if figures.hum_db is not None:
        rows.append(("Mains hum, beside the voices", f"{figures.hum_db:.0f} dB"))
    if figures.clarity_db is not None:
        rows.append(("Voices above echo (C50)", f"about {figures.clarity_db:.0f} dB"))
    return tuple(rows)


def _sentence(aspect: Aspect, severity: Severity, figures: SoundFigures) -> str:
    if aspect is Aspect.DISTANCE and _only_some(figures):
        return _SOME_DISTANT
    return _SENTENCES[aspect, severity]


def _only_some(figures: SoundFigures) -> bool:
    assert figures.clarity_db is not None
    assert figures.distant_share is not None
    return figures.clarity_db >= POOR_CLARITY_DB and figures.distant_share >= SOME_SHARE
