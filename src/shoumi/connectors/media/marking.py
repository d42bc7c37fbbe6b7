"""Sets the spoken reminder before a recording and the four parts into its tags.

Sources: ffmpeg-formats(1) (concat demuxer, `use_metadata_tags`), ffmpeg-codecs(1).
The reminder is encoded like the recording, then both are joined without touching the recording's own frames;
how long the result is and whether it decodes across the seam is examined before it is returned.
"""

from __future__ import annotations

from contextlib import ExitStack
from enum import StrEnum
from typing import Final

from shoumi.connectors.media.probing import DEMUXERS, Picture, Recording, Sound, probe
from shoumi.connectors.media.programs import MediaUnreadableError, MemoryFile, memory_file, run
from shoumi.connectors.media.speech import spoken
from shoumi.engine.marking.errors import OriginalNeededError
from shoumi.engine.marking.pictures import card
from shoumi.engine.marking.properties import FINGERPRINT, labels_from, pairs_of
from shoumi.engine.marking.values import Form, Labels, Mark, fingerprint


class MediaKind(StrEnum):
    """What is marked here."""

    MP3 = "mp3"
    WAV = "wav"
    M4A = "m4a"
    MP4 = "mp4"
    MKV = "mkv"


KIND_OF_TYPE: Final = {
    "audio/mpeg": MediaKind.MP3,
    "audio/wav": MediaKind.WAV,
    "audio/mp4": MediaKind.M4A,
    "video/mp4": MediaKind.MP4,
    "video/quicktime": MediaKind.MP4,
    "video/x-matroska": MediaKind.MKV,
}
_SIGNATURES: Final = {
    "wav": (0, b"RIFF"),
    "m4a": (4, b"ftyp"),
    "mp4": (4, b"ftyp"),
    "mkv": (0, b"\x1aE\xdf\xa3"),
}
_SOUND_ENCODERS: Final = {"mp3": "libmp3lame", "aac": "aac", "opus": "libopus", "flac": "flac", "ac3": "ac3"}
_PICTURE_ENCODERS: Final = {"h264": "libx264", "hevc": "libx265", "vp9": "libvpx-vp9", "mpeg4": "mpeg4"}
_MUXERS: Final = {"mp3": "mp3", "wav": "wav", "m4a": "ipod", "mp4": "mp4", "mkv": "matroska"}
_QUIET: Final = ["-v", "error", "-nostdin", "-y", "-bitexact"]
_OPENING: Final = ["-protocol_whitelist", "file"]
_TOLERANCE: Final = 1.0  # seconds by which the result may differ from the sum


def mark_media(  # noqa: PLR0913 - what is marked, how, and how long it may take
    content: bytes, kind: MediaKind | str, mark: Mark, form: Form, *, reminder: str, seconds: float = 120.0
) -> bytes:
    """Return the recording with `reminder` spoken before it; unchanged if it bears this very mark already.

    Raises:
        OriginalNeededError: it bears another mark of ours.
        MediaUnreadableError, MediaTimeError, MediaProgramMissingError: see `programs`.
    """
    known = MediaKind(kind)
    _verify_signature(content, known)
    with ExitStack() as stack:
        original = stack.enter_context(memory_file(content))
        recording = probe(original, known, seconds=seconds)
        held = _pairs(recording)
        if held:
            if held.get(FINGERPRINT) == fingerprint(mark, form):
                return content
            raise OriginalNeededError
        if recording.streams != (recording.sound is not None) + (recording.picture is not None):
            raise MediaUnreadableError(reason="it has several streams of sound or picture")
        speech = stack.enter_context(
            memory_file(spoken(f"{mark.level}。{reminder}", mark.language, seconds=seconds))
        )
        picture = b""
        if recording.picture:
            picture = card(mark, form, (recording.picture.width, recording.picture.height))
        shown = stack.enter_context(memory_file(picture))
        opening = stack.enter_context(memory_file())
        _encode_opening(recording, known, speech, shown, opening, seconds=seconds)
        result = stack.enter_context(memory_file())
        _join(known, opening, original, result, pairs_of(mark, form), seconds=seconds)
        _examine(known, recording, opening, result, seconds=seconds)
        return result.read()


def read_media(content: bytes, kind: MediaKind | str, *, seconds: float = 20.0) -> Labels:
    """Return what the tags of a recording say."""
    with memory_file(content) as file:
        return labels_from(_pairs(probe(file, MediaKind(kind), seconds=seconds)))


def _verify_signature(content: bytes, kind: MediaKind) -> None:
    """Raise unless the content begins as its kind does, so that a list of other files cannot pass for it."""
    offset, magic = _SIGNATURES.get(kind, (0, b""))
    is_mp3 = content.startswith(b"ID3") or (content[:1] == b"\xff" and content[1:2] >= b"\xe0")
    if not content.startswith(magic, offset) or (kind == MediaKind.MP3 and not is_mp3):
        raise MediaUnreadableError(reason=f"it is no {kind}")


def _pairs(recording: Recording) -> dict[str, str]:
    """Return our pairs, whichever way the format keeps them."""
    names = ("ShoumiTitle", "ShoumiLevel", "ShoumiPeriod", "ShoumiOwner", "ShoumiReminder", "ShoumiLanguage")
    tags = dict(recording.tags)
    if tags.get("comment", "").startswith(f"{FINGERPRINT}="):  # WAV knows no names of its own
        tags = {
            line.partition("=")[0].lower(): line.partition("=")[2] for line in tags["comment"].split(" | ")
        }
    found = {name: tags[name.lower()] for name in (*names, "ShoumiCopy", FINGERPRINT) if name.lower() in tags}
    return found if FINGERPRINT in found else {}


def _encode_opening(  # noqa: PLR0913 - files in, file out
    recording: Recording,
    kind: MediaKind,
    speech: MemoryFile,
    shown: MemoryFile,
    opening: MemoryFile,
    *,
    seconds: float,
) -> None:
    """Encode the reminder like the recording: spoken, under a card where there is a picture."""
    arguments = [*_QUIET, *_OPENING, "-f", "wav", "-i", speech.path]
    if recording.picture:
        arguments += [*_OPENING, "-f", "png_pipe", "-loop", "1", "-framerate", recording.picture.rate]
        arguments += ["-i", shown.path, "-map", "1:v", *_like_picture(recording.picture), "-shortest"]
    if recording.sound:
        arguments += ["-map", "0:a", *_like_sound(recording.sound, kind)]
    elif recording.picture:
        arguments += ["-t", "8"]
    arguments += ["-f", _MUXERS[kind], opening.path]
    run("ffmpeg", arguments, files=[speech, shown, opening], seconds=seconds)


def _like_sound(sound: Sound, kind: MediaKind) -> list[str]:
    encoder = sound.codec if sound.codec.startswith("pcm_") else _SOUND_ENCODERS.get(sound.codec)
    if encoder is None or (sound.codec == "aac" and sound.profile not in {"LC", ""}):
        raise MediaUnreadableError(reason=f"its sound ({sound.codec} {sound.profile}) cannot be continued")
    chosen = ["-c:a", encoder, "-ar", str(sound.rate), "-ac", str(sound.channels)]
    return [*chosen, "-write_xing", "0"] if kind == MediaKind.MP3 else chosen


def _like_picture(picture: Picture) -> list[str]:
    encoder = _PICTURE_ENCODERS.get(picture.codec)
    if encoder is None:
        raise MediaUnreadableError(reason=f"its picture ({picture.codec}) cannot be continued")
    return [
        "-c:v", encoder, "-r", picture.rate, "-pix_fmt", picture.pixels or "yuv420p", "-vf",
        f"scale={picture.width}:{picture.height}", "-threads", "2",
        "-video_track_timescale", str(picture.timescale),
    ]  # fmt: skip


def _join(  # noqa: PLR0913 - files in, file out
    kind: MediaKind,
    opening: MemoryFile,
    original: MemoryFile,
    result: MemoryFile,
    pairs: dict[str, str],
    *,
    seconds: float,
) -> None:
    """Join both without encoding, with the original's own tags and ours."""
    order = f"ffconcat version 1.0\nfile '{opening.path}'\nfile '{original.path}'\n"
    if kind == MediaKind.WAV:
        text = " | ".join(f"{key}={pairs[key]}" for key in sorted(pairs, key=lambda key: key != FINGERPRINT))
        tags = ["-metadata", f"comment={text}"]
    else:
        tags = [word for key, value in pairs.items() for word in ("-metadata", f"{key}={value}")]
    if kind in {MediaKind.M4A, MediaKind.MP4}:
        tags += ["-movflags", "use_metadata_tags"]
    with memory_file(order.encode()) as listing:
        arguments = [
            *_QUIET, *_OPENING, "-f", "concat", "-safe", "0", "-i", listing.path,
            *_OPENING, "-f", DEMUXERS[kind], "-i", original.path,
            "-map", "0:v:0?", "-map", "0:a:0?", "-map_metadata", "1", "-c", "copy", *tags,
            "-f", _MUXERS[kind], result.path,
        ]  # fmt: skip
        run("ffmpeg", arguments, files=[listing, opening, original, result], seconds=seconds)


def _examine(
    kind: MediaKind, recording: Recording, opening: MemoryFile, result: MemoryFile, *, seconds: float
) -> None:
    """Raise unless the result is as long as both together and decodes across the seam."""
    first, whole = (probe(file, kind, seconds=seconds) for file in (opening, result))
    added = whole.seconds - first.seconds
    if added <= 0 or (recording.seconds and abs(added - recording.seconds) > _TOLERANCE):  # 0: not told
        raise MediaUnreadableError(reason="the reminder and the recording could not be joined")
    arguments = [
        "-v", "error", "-nostdin", "-xerror", *_OPENING, "-f", DEMUXERS[kind], "-i", result.path,
        "-t", f"{first.seconds + 4:.2f}", "-f", "null", "-",
    ]  # fmt: skip
    run("ffmpeg", arguments, files=[result], seconds=seconds)
