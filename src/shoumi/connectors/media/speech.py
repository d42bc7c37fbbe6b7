"""The spoken reminder: which words are said in which voice, and their sound.

Source: espeak-ng(1).  Its Japanese voice reads kana only, so the reminder is given to it in kana; the words
are those of the packs' reminder for recordings.
"""

from __future__ import annotations

from typing import Final

from shoumi.connectors.media.programs import run

_VOICES: Final = {"zh": "cmn", "ja": "ja", "en": "en-gb"}
_WORDS_A_MINUTE: Final = {"zh": "170", "ja": "150", "en": "150"}
KANA: Final = (
    "いか の ないよう に わ、えいぎょう ひみつ が ふくまれます。ひみつ ほじ ぎむ お まもり、"
    "ろくが、ろくおん、てんそう、たしゃ え の かいじ お しないで ください。"
)


def spoken(text: str, language: str, *, seconds: float) -> bytes:
    """Return `text` as a WAV of one channel at 22,050 samples a second.

    Raises:
        MediaProgramMissingError: espeak-ng is not installed.
    """
    arguments = ["-v", _VOICES[language], "-s", _WORDS_A_MINUTE[language], "--stdin", "--stdout"]
    words = KANA if language == "ja" else text
    return run("espeak-ng", arguments, given=words.encode(), seconds=seconds)
