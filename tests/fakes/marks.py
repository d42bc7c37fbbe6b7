"""Invented marks, with a font that has their letters, for tests of marking."""

from __future__ import annotations

from dataclasses import replace
from functools import cache
from pathlib import Path

from shoumi.engine.marking.marking import Form, Label, Mark
from shoumi.engine.marking.typeface import cut_out
from shoumi.engine.marking.wording import characters

NOTO = Path("/usr/share/fonts/opentype/noto/NotoSansCJK-Regular.ttc")
CHINESE = Mark(
    "SM-2026-0001 陶瓷<烧结>曲线 & 保温",
    "核心商密",
    "至 2031-03-01",
    "岱岳精密陶瓷有限公司 研发部",
    "本文件含有本公司商业秘密，持有人负有保密义务，未经批准不得复制、传播。",
)
JAPANESE = Mark(
    "JP-2026-0007 焼結曲線",
    "極秘",
    "2031-03-01 まで",
    "株式会社青葉セラミックス 開発部",
    "本文書は当社の営業秘密を含みます。所持者は秘密保持義務を負い、承認なく複製・配布してはなりません。",
    "ja",
)
ENGLISH = Mark(
    "SM-2026-0002 Sintering curve",
    "Important",
    "Until 2029-01-01",
    "Example Ceramics, Research",
    "This document contains the company's trade secrets. Do not copy or pass it on.",
    "en",
)
CHANGED = replace(CHINESE, level="重要商密", period="至 2029-06-30")
OLD_WORDS = ("核心商密", "2031-03-01")  # what CHINESE says and CHANGED does not
LABEL = Label(
    "0a1b2c3d-1111-2222-3333-444455556666",
    "0a1b2c3d-9999-8888-7777-666655554444",
    "Core",
    "2026-03-01T00:00:00Z",
)
COPY = "陆知微 (proposer) · 2026-03-01 17:00 · SM-2026-0001"


@cache
def form(*, copy: str = "", label: Label | None = LABEL, **choices: bool) -> Form:
    """Return a form with a font for all marks of this module."""
    return Form(copy=copy, label=label, typeface=typeface(), **choices)


@cache
def typeface() -> bytes:
    """Return one small font with the letters of every mark here."""
    marks = (CHINESE, JAPANESE, ENGLISH, CHANGED)
    text = "".join(characters(mark, Form(copy=COPY)) for mark in marks)
    return cut_out(NOTO.read_bytes(), text, number=2)
