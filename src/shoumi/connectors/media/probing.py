"""What a recording is made of, as ffprobe tells it: the streams that a reminder must agree with.

Source: ffprobe(1).  The demuxer is named, so that a playlist cannot pass as a recording and name other files.
"""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import Any, Final

from shoumi.connectors.media.programs import MediaUnreadableError, MemoryFile, run

DEMUXERS: Final = {"mp3": "mp3", "wav": "wav", "m4a": "mov", "mp4": "mov", "mkv": "matroska"}


@dataclass(frozen=True, slots=True)
class Sound:
    """The first stream of sound."""

    codec: str
    rate: int  # samples a second
    channels: int
    profile: str


@dataclass(frozen=True, slots=True)
class Picture:
    """The first moving picture."""

    codec: str
    width: int
    height: int
    rate: str  # frames a second, as a fraction
    pixels: str  # such as yuv420p
    timescale: int  # ticks a second


@dataclass(frozen=True, slots=True)
class Recording:
    """A recording as far as it matters here."""

    seconds: float
    sound: Sound | None
    picture: Picture | None
    streams: int
    tags: dict[str, str]  # by name in lower case


def probe(file: MemoryFile, kind: str, *, seconds: float) -> Recording:
    """Return what is in a recording of this kind.

    Raises:
        MediaUnreadableError: ffprobe does not understand it, or it holds nothing to hear or see.
    """
    said = run(
        "ffprobe",
        ["-v", "error", "-protocol_whitelist", "file", "-f", DEMUXERS[kind], "-show_streams", "-show_format",
         "-of", "json", "-i", file.path],
        files=[file],
        seconds=seconds,
    )  # fmt: skip
    try:
        facts = json.loads(said)
        streams = facts["streams"]
        sound = next((item for item in streams if item.get("codec_type") == "audio"), None)
        picture = next((item for item in streams if _moves(item)), None)
        found = Recording(
            seconds=float(facts["format"].get("duration", 0)),
            sound=_sound(sound) if sound else None,
            picture=_picture(picture) if picture else None,
            streams=sum(
                item.get("codec_type") in {"audio", "video"} and not _is_cover(item) for item in streams
            ),
            tags={key.lower(): str(value) for key, value in facts["format"].get("tags", {}).items()},
        )
    except (KeyError, ValueError, TypeError, ZeroDivisionError) as error:
        raise MediaUnreadableError(reason="its streams are not understood") from error
    if found.sound is None and found.picture is None:
        raise MediaUnreadableError(reason="it holds nothing to hear or see")
    return found


def _is_cover(stream: dict[str, Any]) -> bool:
    return bool(stream.get("disposition", {}).get("attached_pic"))


def _moves(stream: dict[str, Any]) -> bool:
    return stream.get("codec_type") == "video" and not _is_cover(stream)


def _sound(stream: dict[str, Any]) -> Sound:
    return Sound(
        str(stream["codec_name"]),
        int(stream["sample_rate"]),
        int(stream["channels"]),
        str(stream.get("profile", "")),
    )


def _picture(stream: dict[str, Any]) -> Picture:
    top, _, bottom = str(stream["time_base"]).partition("/")
    return Picture(
        str(stream["codec_name"]), int(stream["width"]), int(stream["height"]), str(stream["r_frame_rate"]),
        str(stream.get("pix_fmt", "")), round(int(bottom) / int(top)),
    )  # fmt: skip
