"""PNG and JPEG in every mode that Pillow writes, with profiles, texts, EXIF that turns, and XMP."""

from __future__ import annotations

import io
from collections.abc import Iterator
from itertools import product

from PIL import Image, ImageCms
from PIL.PngImagePlugin import PngInfo

XMP = (
    b'<?xpacket begin="" id="W5M0MpCehiHzreSzNTczkc9d"?><x:xmpmeta xmlns:x="adobe:ns:meta/">'
    b'<rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#"><rdf:Description rdf:about=""'
    b' xmlns:dc="http://purl.org/dc/elements/1.1/" dc:format="image/jpeg"/></rdf:RDF></x:xmpmeta>'
    b'<?xpacket end="w"?>'
)


def pngs() -> Iterator[tuple[str, bytes]]:
    """Yield name and content of PNG pictures."""
    for mode, described in product(("1", "L", "LA", "P", "RGB", "RGBA", "I;16"), (False, True)):
        info = PngInfo()
        if described:
            info.add_text("Author", "测试")
            info.add_itxt("Comment", "说明", zip=True)
        extra = {"icc_profile": ImageCms.ImageCmsProfile(ImageCms.createProfile("sRGB")).tobytes()}
        yield (
            f"{mode.replace(';', '')}-{described:d}.png",
            _saved(
                drawn(mode),
                "PNG",
                pnginfo=info,
                dpi=(96, 96),
                **(extra if described and mode == "RGB" else {}),
            ),
        )
    yield "see-through.png", _saved(drawn("P"), "PNG", transparency=3)
    yield "tall.png", _saved(drawn("RGB").resize((60, 900)), "PNG")


def jpegs() -> Iterator[tuple[str, bytes]]:
    """Yield name and content of JPEG pictures."""
    for mode, turn in product(("L", "RGB", "CMYK"), range(1, 9)):
        exif = Image.Exif()
        exif[0x0112] = turn
        exif[0x010E] = "description"
        options = {"progressive": turn % 2 == 0, "quality": 60 + 4 * turn, "exif": exif}
        if mode != "L":
            options["subsampling"] = turn % 3
        if turn == 5:
            options |= {"comment": b"a comment", "xmp": XMP}
        yield f"{mode}-{turn}.jpg", _saved(drawn(mode), "JPEG", **options)


def drawn(mode: str) -> Image.Image:
    """Return a picture of 320 by 200 with a gradient and a block, which tells its corners apart."""
    image = Image.linear_gradient("L").resize((320, 200)).convert("RGB")
    image.paste((200, 30, 30), (0, 0, 80, 50))
    if mode == "I;16":
        return image.convert("I").point(lambda value: value * 200).convert("I;16")
    return image.convert(mode)


def _saved(image: Image.Image, form: str, **options) -> bytes:
    stream = io.BytesIO()
    image.save(stream, form, **options)
    return stream.getvalue()
