"""Tell voices apart with the speaker encoder whose weights travel in the Resemblyzer wheel.

Windows slide over the speech (`windows`), a mixture of voices is fitted to a sample of them
(`clustering`), and a Viterbi pass over 50 ms frames decides where turns begin and end
(`resegmentation`). Where two speak at once both are marked (`overlap`).
docs/decisions/0006-voices.md says why it is done in this way.
"""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence

from transcriber.domain.interval import Interval, joined
from transcriber.domain.recording import Audio, SpeakerCount
from transcriber.domain.transcript import Diarisation, Turn, Voice
from transcriber.engines.voices.clustering import voices
from transcriber.engines.voices.encoder import Floats, centred, encoding, provenance
from transcriber.engines.voices.overlap import BIAS, WEIGHTS, listen, second_turns
from transcriber.engines.voices.resegmentation import assign
from transcriber.engines.voices.windows import embed
from transcriber.stages.protocols import Progress


class ResemblyzerDiariser:
    """Diariser that needs no download: Resemblyzer's encoder and this project's clustering."""

    name = "resemblyzer"

    def provenance(self) -> Mapping[str, str]:
        """Return what `encoder.provenance` says, and the weights for overlap.

        Raises EngineMissing when the package is not installed.
        """
        return {**provenance(), "overlap_weights": " ".join(map(str, (*WEIGHTS, BIAS)))}

    def diarise(
        self,
        audio: Audio,
        speech: Sequence[Interval],
        count: SpeakerCount,
        progress: Progress,
    ) -> Diarisation:
        """Return turns that cover `speech`, in order of start, and their voices.

        Turns overlap where two are heard at once. Speakers are `S1`, `S2`, … by first appearance.
        Progress counts milliseconds of the recording. Fewer voices than `count` are found where the
        speech does not tell them apart.
        Raises EngineMissing when Resemblyzer is not installed and EngineFailed when it breaks.
        """
        speech = [stretch for stretch in speech if stretch.duration_ms]
        if not speech:
            return Diarisation()
        with encoding():
            windows = embed(audio, speech, progress)
        centres = voices(centred(windows.telling), windows.hop_ms, count)
        frames = assign(windows, centres, speech)
        said = list(frames.turns())
        if len(centres) > 1:
            said += second_turns(frames, listen(frames, centres, audio))
        return _named(said, centres)


def _named(said: Iterable[tuple[int, Interval]], centres: Floats) -> Diarisation:
    """Name voices by first appearance; a voice that no turn has is left out.

    Where somebody speaks at the same time as another before or after a turn, the turn is longer.
    """
    stretches: defaultdict[int, list[Interval]] = defaultdict(list)
    for voice, stretch in said:
        stretches[voice].append(stretch)
    turns = sorted((turn, voice) for voice, own in stretches.items() for turn in joined(own))
    order = dict.fromkeys(voice for _, voice in turns)
    names = {voice: f"S{number}" for number, voice in enumerate(order, start=1)}
    return Diarisation(
        tuple(Turn(names[voice], turn) for turn, voice in turns),
        tuple(Voice(names[voice], tuple(centres[voice].tolist())) for voice in order),
    )
