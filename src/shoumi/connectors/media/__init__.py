"""Marks in audio and video: a spoken reminder before the first second, and tags with the four parts.

Source: the seed guide's rules on computers (audio and video begin with a reminder of the duty of
confidentiality).  The work is done by ffmpeg and espeak-ng, separate programs without a shell, bound in
memory and time.  Contents go through memory files, never through a disk.  What was recorded is copied, not
encoded anew; taking the reminder out again is not offered: the original is kept and handed out instead.
"""

from shoumi.connectors.media.marking import KIND_OF_TYPE, MediaKind, mark_media, read_media
from shoumi.connectors.media.programs import MediaProgramMissingError, MediaUnreadableError, missing_programs

__all__ = [
    "KIND_OF_TYPE",
    "MediaKind",
    "MediaProgramMissingError",
    "MediaUnreadableError",
    "mark_media",
    "missing_programs",
    "read_media",
]
