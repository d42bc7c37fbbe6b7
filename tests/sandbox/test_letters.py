"""Letters in pictures: recognised by the real program, missing program and broken pictures are told."""

from __future__ import annotations

import io

import pytest
from PIL import Image, ImageDraw, ImageFont

from shoumi.engine.inspection.values import PartKind, Reason
from shoumi.sandbox.reading import extraction_of
from shoumi.sandbox.workers import Pool, Task, WorkLimits

FONT = "/usr/share/fonts/opentype/noto/NotoSansCJK-Regular.ttc"


def picture(text, form="PNG"):
    drawn = Image.new("L", (60 + 48 * len(text), 130), 255)
    ImageDraw.Draw(drawn).text((30, 30), text, font=ImageFont.truetype(FONT, 48))
    room = io.BytesIO()
    drawn.save(room, form)
    return room.getvalue()


def recognised(read):
    return [part.text.strip() for part in read.parts if part.kind == PartKind.RECOGNISED]


@pytest.mark.parametrize(
    ("text", "language", "form"),
    [
        ("核心商密资料", "chi_sim", "PNG"),
        ("社外秘の資料です", "jpn", "TIFF"),
        ("機密檔案", "chi_tra", "PDF"),
    ],
)
def test_letters_are_recognised(text, language, form):
    assert recognised(extraction_of(picture(text, form), "", ocr=(language,))) == [text]


def test_without_being_asked_nothing_is_recognised_but_the_picture_is_kept():
    read = extraction_of(picture("机密"))
    assert recognised(read) == []
    assert len(read.pictures) == 1


def test_a_worker_may_start_the_program_if_its_pool_says_so():
    with Pool(1, WorkLimits(programs=True)) as pool:
        (result,) = pool.run(
            [Task("shoumi.sandbox.reading:read_file", picture("核心商密"), {"ocr": ["chi_sim"]})]
        )
    assert "核心商密" in result.answer.content.decode()


def test_a_missing_program_and_a_missing_language_are_told(monkeypatch):
    (closed,) = extraction_of(picture("a"), ocr=("no_such",)).unreadable
    assert closed.reason == Reason.PROGRAM
    monkeypatch.setenv("PATH", "/nowhere")
    (closed,) = extraction_of(picture("a"), ocr=("jpn",)).unreadable
    assert closed.reason == Reason.PROGRAM


def test_a_broken_picture_is_damaged():
    (closed,) = extraction_of(picture("机密", "TIFF")[:60], ocr=("chi_sim",)).unreadable
    assert closed.reason == Reason.DAMAGED
