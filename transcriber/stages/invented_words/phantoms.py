"""What recognisers write into silence: thanks and farewells from the subtitles they learnt from.

Collected from the threads in which users of Whisper report them (openai/whisper discussions 928
and 1606). A phrase is no proof by itself: people do say "thank you".
"""

_PHRASES = """
thank you
thank you very much
thank you so much
thanks for watching
thank you for watching
thank you for watching this video
thanks for listening
thank you for listening
please subscribe
please subscribe to my channel
like and subscribe
don't forget to like and subscribe
see you next time
see you in the next video
i'll see you in the next video
bye
bye bye
subtitles by the amara org community
subtitles by the amara.org community
transcription by castingwords
transcribed by otter ai
copyright wdr
you
"""

PHANTOM_PHRASES: tuple[tuple[str, ...], ...] = tuple(
    tuple("".join(c for c in word if c.isalnum()) for word in phrase.split())
    for phrase in _PHRASES.strip().splitlines()
)
"""Each phrase as the plain forms of its words."""
