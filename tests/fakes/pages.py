"""Pages to be marked and traced: invented Chinese text, photo-like pictures, and what happens to copies."""

from __future__ import annotations

import io
import random
import subprocess
from collections.abc import Callable

import numpy as np
from PIL import Image, ImageDraw, ImageFilter, ImageFont

FONT = "/usr/share/fonts/opentype/noto/NotoSansCJK-Regular.ttc"
WORDS = (
    "合金配方保密期限为五年知悉范围限于研发部门未经批准不得复制外传本页所载工艺参数均为虚构试验温度压力时间浓度比例"
    "客户名单报价方案供应渠道设备图纸检测记录负责审核登记归档销毁责任人员签字日期编号等级"
)
A4_150 = (1241, 1755)
SMALL = (900, 1200)  # enough tiles for most attacks, at a third of the time

Attack = Callable[[Image.Image], Image.Image]


def text_page(seed: int, size: tuple[int, int] = A4_150, letter: int = 25, dark: bool = False) -> Image.Image:
    """Return a page of text with a table here and there."""
    draw_from = random.Random(seed)  # noqa: S311 - test data
    paper, ink = (24, 225) if dark else (255, 0)
    image = Image.new("L", size, paper)
    draw = ImageDraw.Draw(image)
    font = ImageFont.truetype(FONT, letter)
    width, height = size
    edge = width // 12
    y = edge
    while y < height - edge:
        kind = draw_from.random()
        if kind < 0.04 and y < height - edge - 6 * letter * 2:
            y = _table(draw, font, (edge, y, width - edge), ink)
            continue
        count = (
            (width - 2 * edge) // letter if kind < 0.8 else draw_from.randint(3, (width - 2 * edge) // letter)
        )
        draw.text((edge, y), "".join(draw_from.choices(WORDS, k=count)), font=font, fill=ink)
        y += int(letter * draw_from.choice((1.6, 1.6, 1.6, 2.4)))
    return image


def _table(
    draw: ImageDraw.ImageDraw, font: ImageFont.FreeTypeFont, box: tuple[int, int, int], ink: int
) -> int:
    left, top, right = box
    row, column = int(font.size * 1.6), (right - left) // 4
    for line in range(6):
        draw.line((left, top + line * row, right, top + line * row), fill=ink)
    for line in range(5):
        draw.line((left + line * column, top, left + line * column, top + 5 * row), fill=ink)
        for cell in range(5):
            draw.text(
                (left + line * column + 8, top + cell * row + 3),
                WORDS[cell * 4 + line :][:3],
                font=font,
                fill=ink,
            )
    return top + 6 * row


def photo(seed: int, size: tuple[int, int] = A4_150) -> Image.Image:
    """Return something with the spectrum of a photograph, and edges."""
    generator = np.random.default_rng(seed)
    width, height = size
    spectrum = np.fft.rfft2(generator.normal(size=(height, width)))
    distance = np.hypot(np.fft.rfftfreq(width)[None], np.fft.fftfreq(height)[:, None])
    distance[0, 0] = 1
    field = np.fft.irfft2(spectrum / distance**1.3, (height, width))
    levels = np.clip((field - field.mean()) / field.std() * 45 + 128, 0, 255).astype(np.uint8)
    image = Image.fromarray(levels)
    draw, draw_from = ImageDraw.Draw(image), random.Random(seed)  # noqa: S311 - test data
    for _ in range(10):
        x, y = draw_from.randrange(width), draw_from.randrange(height)
        draw.ellipse(
            (x, y, x + draw_from.randint(40, 300), y + draw_from.randint(40, 300)),
            fill=draw_from.randrange(256),
        )
    return image


def jpeg(quality: int) -> Attack:
    """Save as JPEG and open again."""

    def attack(image: Image.Image) -> Image.Image:
        stream = io.BytesIO()
        image.convert("RGB").save(stream, "JPEG", quality=quality)
        return Image.open(io.BytesIO(stream.getvalue())).convert("L")

    return attack


def crop(share: float, seed: int = 1) -> Attack:
    """Keep a share of the area, somewhere."""

    def attack(image: Image.Image) -> Image.Image:
        draw_from = random.Random(seed)  # noqa: S311 - test data
        width, height = int(image.width * share**0.5), int(image.height * share**0.5)
        x, y = draw_from.randint(0, image.width - width), draw_from.randint(0, image.height - height)
        return image.crop((x, y, x + width, y + height))

    return attack


def resize(factor: float) -> Attack:
    """Make smaller or greater, as programs do it."""
    return lambda image: image.resize(
        (round(image.width * factor), round(image.height * factor)),
        Image.Resampling.BICUBIC if factor > 1 else Image.Resampling.LANCZOS,
    )


def rotate(degrees: float) -> Attack:
    """Turn counter-clockwise on a white desk."""
    return lambda image: image.rotate(degrees, Image.Resampling.BICUBIC, expand=True, fillcolor=255)


def noise(sigma: float) -> Attack:
    """Add the noise of a sensor."""

    def attack(image: Image.Image) -> Image.Image:
        levels = np.asarray(image, dtype=float)
        levels = levels + np.random.default_rng(0).normal(0, sigma, levels.shape)
        return Image.fromarray(np.clip(np.rint(levels), 0, 255).astype(np.uint8))

    return attack


def blur(sigma: float) -> Attack:
    """Put out of focus."""
    return lambda image: image.filter(ImageFilter.GaussianBlur(sigma))


def levels(change: Callable[[float], float]) -> Attack:
    """Change every grey level alike: gamma, contrast, whitening, binarising."""
    return lambda image: image.point([max(0, min(255, round(change(level)))) for level in range(256)])


def chat(image: Image.Image) -> Image.Image:
    """Send through a chat app that scales to 1440 pixels across and compresses twice."""
    sent = image.resize((1440, round(image.height * 1440 / image.width)), Image.Resampling.LANCZOS)
    return jpeg(60)(jpeg(60)(sent))


def scan(dots_per_inch: int, quality: int) -> Attack:
    """Simulate print and scan without halftone: resampled, turned a little, blurred, noisy, compressed."""

    def attack(image: Image.Image) -> Image.Image:
        image = resize(dots_per_inch / 150)(image)
        for step in (rotate(0.7), blur(0.8), noise(2), levels(lambda level: level * 0.96 + 6), jpeg(quality)):
            image = step(image)
        return image

    return attack


def after(*steps: Attack) -> Attack:
    """Do one thing after the other."""

    def attack(image: Image.Image) -> Image.Image:
        for step in steps:
            image = step(image)
        return image

    return attack


def rendered(pdf: bytes, dots_per_inch: int) -> Image.Image:
    """Return the first page of a PDF as pdftoppm draws it."""
    drawn = subprocess.run(
        ["pdftoppm", "-r", str(dots_per_inch), "-singlefile", "-png", "-"],
        input=pdf,
        capture_output=True,
        check=True,
    )
    return Image.open(io.BytesIO(drawn.stdout))


def png(image: Image.Image) -> bytes:
    """Return the picture as a PNG file."""
    stream = io.BytesIO()
    image.save(stream, "PNG")
    return stream.getvalue()
