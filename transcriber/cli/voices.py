"""`transcriber voices`: the voice prints of a study."""

import argparse
import json
from pathlib import Path

from rich.table import Table

from transcriber.cli.terminal import console
from transcriber.domain.errors import UsageError
from transcriber.domain.voice_print import VoicePrint
from transcriber.services.voices import (
    all_proposals,
    confirm_voice,
    forget_all_voices,
    forget_voice,
    kept_voices,
)


def command(arguments: argparse.Namespace) -> int:
    """Run `list`, `confirm` or `forget`; 0 when it was done."""
    if arguments.action == "list":
        return _list(arguments.out, as_json=arguments.json)
    done = _confirm(arguments) if arguments.action == "confirm" else _forget(arguments)
    if arguments.json:
        print(json.dumps(done, indent=2))
    else:
        console().print(str(done["sentence"]), markup=False)
    return 0


def _confirm(arguments: argparse.Namespace) -> dict[str, object]:
    voice = (arguments.recording, arguments.voice)
    known = (arguments.known_recording, arguments.known_voice)
    label = confirm_voice(arguments.out, voice, known)
    sentence = (
        f"{voice[1]} of {voice[0]} is {label}, as {known[1]} of {known[0]}. "
        "Run the recording again to write its files anew."
    )
    return {"recording": voice[0], "voice": voice[1], "label": label, "sentence": sentence}


def _forget(arguments: argparse.Namespace) -> dict[str, object]:
    if arguments.all:
        number = forget_all_voices(arguments.out)
        return {"erased": number, "sentence": f"Erased: {number}. No voice print is left."}
    if arguments.voice is None:
        raise UsageError(
            "no_voice", "Say which voice: a recording and a voice, such as INT02 S1, or --all."
        )
    forget_voice(arguments.out, arguments.recording, arguments.voice)
    return {
        "erased": 1,
        "sentence": f"The print of {arguments.voice} of {arguments.recording} is erased. "
        "No print is taken from that recording again.",
    }


def _list(out: Path, as_json: bool) -> int:
    kept, proposals = kept_voices(out), all_proposals(out)
    if as_json:
        listed = {
            "voices": [_entry(voice) for voice in kept],
            "proposals": [
                {
                    "recording": code,
                    "voice": proposal.speaker,
                    "known_recording": proposal.known_recording,
                    "known_voice": proposal.known_speaker,
                    "label": proposal.known_label,
                    "similarity": proposal.similarity,
                }
                for code, found in proposals.items()
                for proposal in found
            ],
        }
        print(json.dumps(listed, indent=2))
        return 0
    screen = console()
    if not kept:
        screen.print("No voice prints are kept in this study.")
        return 0
    table = Table(box=None, pad_edge=False, header_style="dim")
    for heading in ("recording", "voice", "label", "the same person as"):
        table.add_column(heading)
    for voice in kept:
        table.add_row(voice.recording, voice.speaker, voice.label, voice.person or "")
    screen.print(table)
    for code, found in proposals.items():
        for proposal in found:
            screen.print(
                f"{proposal.speaker} of {code} sounds like {proposal.known_label} of "
                f"{proposal.known_recording}, similarity {proposal.similarity:.2f}. Listen; if it "
                f"is so: transcriber voices confirm {code} {proposal.speaker} "
                f"{proposal.known_recording} {proposal.known_speaker} --out {out}",
                markup=False,
            )
    return 0


def _entry(voice: VoicePrint) -> dict[str, object]:
    """Return what may be shown of a print: whose it is, never the print."""
    return {
        "recording": voice.recording,
        "voice": voice.speaker,
        "label": voice.label,
        "person": voice.person,
    }
