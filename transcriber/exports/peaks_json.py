"""Waveform peaks as the JSON that peaks.js and wavesurfer.js draw.

BBC audiowaveform, "JSON data format" version 2 (doc/DataFormat.md in bbc/audiowaveform).
"""

import json

from transcriber.domain.peaks import Peaks
from transcriber.domain.recording import SAMPLE_RATE_HZ


def write_peaks(peaks: Peaks) -> bytes:
    """Return one line of JSON; the same peaks give the same bytes.

    `data` is minimum, maximum and so on; a pixel in the format's words is a pair in ours.
    """
    waveform = {
        "version": 2,
        "channels": 1,
        "sample_rate": SAMPLE_RATE_HZ,
        "samples_per_pixel": peaks.samples_per_pair,
        "bits": 8,
        "length": peaks.length,
        "data": memoryview(peaks.pairs).cast("b").tolist(),
    }
    # No spaces: they would be a quarter of the file.
    return json.dumps(waveform, separators=(",", ":")).encode() + b"\n"
