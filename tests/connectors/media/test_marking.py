"""Recordings begin with the reminder, keep what was recorded, and say the four parts in their tags."""

from __future__ import annotations

import subprocess
from functools import cache

import pytest
from tests.fakes.marks import CHANGED, CHINESE, COPY, ENGLISH, JAPANESE, form

from shoumi.connectors.media import (
    MediaProgramMissingError,
    MediaUnreadableError,
    mark_media,
    missing_programs,
    read_media,
)
from shoumi.connectors.media import programs as media_programs
from shoumi.connectors.media.probing import probe
from shoumi.connectors.media.programs import MediaTimeError, memory_file
from shoumi.engine.marking.errors import OriginalNeededError

REMINDER = "以下内容涉及本公司商业秘密，请履行保密义务，不得录制、转发或向他人披露。"
SOUND = ["-f", "lavfi", "-i", "sine=frequency=880:duration=3:sample_rate=44100"]
PICTURE = ["-f", "lavfi", "-i", "testsrc=size=320x240:rate=25:duration=3"]
SHAPES = {
    "mp3": [*SOUND, "-c:a", "libmp3lame", "-metadata", "artist=somebody", "-f", "mp3"],
    "wav": [*SOUND, "-c:a", "pcm_s16le", "-f", "wav"],
    "m4a": [*SOUND, "-c:a", "aac", "-ac", "2", "-movflags", "frag_keyframe+empty_moov", "-f", "ipod"],
    "mp4": [*PICTURE, *SOUND, "-c:v", "libx264", "-preset", "ultrafast", "-pix_fmt", "yuv420p", "-c:a", "aac",
            "-movflags", "frag_keyframe+empty_moov", "-f", "mp4"],
    "mkv": [*PICTURE, "-c:v", "libx264", "-preset", "ultrafast", "-pix_fmt", "yuv420p", "-f", "matroska"],
}  # fmt: skip


@cache
def recorded(kind: str) -> bytes:
    """Return a recording of three seconds, of another program's making."""
    command = ["ffmpeg", "-v", "error", *SHAPES[kind], "-"]
    return subprocess.run(command, capture_output=True, check=True).stdout


def probed(content: bytes, kind: str):
    with memory_file(content) as file:
        return probe(file, kind, seconds=20)


@pytest.mark.requirement("CPU-10", "MRK-02", "MRK-07")
@pytest.mark.parametrize("kind", SHAPES)
def test_a_recording_begins_with_the_reminder_and_says_the_four_parts(kind):
    content = recorded(kind)
    mark = JAPANESE if kind == "m4a" else ENGLISH if kind == "wav" else CHINESE
    marked = mark_media(content, kind, mark, form(copy=COPY), reminder=REMINDER)
    labels = read_media(marked, kind)
    assert labels.mark == mark
    assert labels.copy == COPY
    old, new = probed(content, kind), probed(marked, kind)
    assert new.seconds > old.seconds + 2
    assert (new.sound, new.picture is None) == (old.sound, old.picture is None)
    assert mark_media(marked, kind, mark, form(copy=COPY), reminder=REMINDER) == marked
    with pytest.raises(OriginalNeededError):
        mark_media(marked, kind, CHANGED, form(), reminder=REMINDER)
    if kind == "mp3":
        assert new.tags["artist"] == "somebody"


def test_the_opening_is_speech_and_the_rest_is_what_was_recorded():
    content = recorded("wav")
    marked = mark_media(content, "wav", CHINESE, form(), reminder=REMINDER)
    data = content[content.index(b"data") + 8 :]
    assert marked.rstrip(b"\0").endswith(data[-20_000:].rstrip(b"\0")) or data[-20_000:] in marked
    opening = marked[marked.index(b"data") + 8 : -len(data)]
    assert max(opening) > 0
    assert len(set(opening[:200_000])) > 100, "silence is no reminder"


@pytest.mark.parametrize("kind", SHAPES)
def test_foreign_or_cut_bytes_are_refused(kind):
    for bad in (
        b"",
        b"#EXTM3U\nfile:///etc/passwd\n",
        b"ffconcat version 1.0\nfile '/etc/passwd'\n",
        recorded(kind)[:20],
    ):
        with pytest.raises(MediaUnreadableError):
            mark_media(bad, kind, CHINESE, form(), reminder=REMINDER)


def test_a_missing_program_is_named_with_its_package(monkeypatch):
    content = recorded("mp3")
    monkeypatch.setattr(media_programs.shutil, "which", lambda _name: None)
    assert ("espeak-ng", "espeak-ng") in missing_programs()
    with pytest.raises(MediaProgramMissingError) as missing:
        mark_media(content, "mp3", CHINESE, form(), reminder=REMINDER)
    assert missing.value.fields["package"] == "ffmpeg"


def test_time_is_limited():
    with pytest.raises(MediaTimeError):
        mark_media(recorded("mp4"), "mp4", CHINESE, form(), reminder=REMINDER, seconds=0.02)
