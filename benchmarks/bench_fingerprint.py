"""How surely excerpts of registered documents are found, how often unrelated ones are, how fast, how small.

Register: 10,000 documents out of the manuals of an office suite and a picture editor, in zh, ja and en.
Excerpts of them are set into foreign text; unrelated documents come from other authors (a handbook, a
reference).  What is publicly known: licences and manual pages.  Text from `corpora`; pictures are invented.
Processor time of this one process, which keeps freed memory as the workers of a scan do.  References in the
same run: SHA-256 over the same bytes, and winnowing of the same text by its definition (Schleimer and others
2003) in numpy with the hashes that the index uses.
Right results first: 30 letters are found at every cut of three documents, and each excerpt of the run is
checked.  What more than eight documents of the register share is boilerplate, and no excerpt is taken of it.
"""

from __future__ import annotations

import argparse
import hashlib
import io
import random
import time
from collections.abc import Callable, Iterator
from itertools import islice
from pathlib import Path

import numpy as np
from PIL import Image, ImageDraw, ImageFilter

import corpora
from shoumi.engine.inspection.fingerprint import Document, FingerprintIndex
from shoumi.engine.inspection.fingerprint.documents import GRAM
from shoumi.engine.inspection.matching.folding import fold
from shoumi.engine.inspection.matching.hashing import ROLL, Rolling
from shoumi.engine.inspection.values import Finding, Part, PartKind, Picture
from shoumi.sandbox.limits import keep_freed_memory

KEY = bytes(range(32))
LANGUAGES = ("zh", "ja", "en")
REGISTERED, UNRELATED = ("office", "pictures"), ("handbook", "reference")
LICENCES = Path("/usr/share/common-licenses")
EXCERPTS = ((20, 0), (30, 0), (50, 0), (100, 0), (50, 0.05), (100, 0.05), (100, 0.1), (200, 0.1))
GUARANTEED, BOILERPLATE = 30, 8
HALF = 0.5  # the score from which a passage is more than a phrase


def texts(sources: tuple[str, ...], language: str, length: int) -> Iterator[tuple[str, str]]:
    """Yield documents of `sources`, cut to about `length` letters."""
    for source in sources:
        yield from corpora.cut(corpora.documents(source, language), length)


def document(name: str, text: str) -> Document:
    """Return a document whose secret has its name."""
    return Document(name, name, name, [Part(PartKind.BODY, text)])


def part(text: str) -> list[Part]:
    """Return `text` as the only part of a file."""
    return [Part(PartKind.BODY, text)]


def timed(act: Callable[[], object], rounds: int = 3) -> float:
    """Return the least processor time of some rounds."""
    best = float("inf")
    for _ in range(rounds):
        begin = time.process_time()
        act()
        best = min(best, time.process_time() - begin)
    return best


def edited(text: str, share: float, rng: random.Random) -> str:
    """Return `text` with that share of its letters replaced, doubled or left out."""
    places = set(rng.sample(range(len(text)), round(len(text) * share)))
    return "".join(
        rng.choice(("〇", each + "〇", "")) if at in places else each for at, each in enumerate(text)
    )


def winnowed(text: str, gram: int = GRAM, window: int = 17) -> int:
    """Return how many fingerprints winnowing selects that guarantees one in 30 letters: the reference."""
    units, _ = fold(text)
    rolling, selected = Rolling.of(b"reference"), 0
    for at in range(0, len(units), ROLL // 2):
        hashes = rolling.every(units[at : at + ROLL // 2 + gram - 1], gram)
        views = np.lib.stride_tricks.sliding_window_view(hashes, min(window, len(hashes)))
        selected += len(np.unique(views.argmin(axis=1) + np.arange(len(views))))
    return selected


def letters_of(text: str) -> str:
    """Return the letters of `text` that count."""
    return "".join(map(chr, fold(text)[0].tolist()))


def recall(index: FingerprintIndex, documents: list[Document], hosts: list[str], trials: int) -> None:
    """Print the share of excerpts that are found and the share that scores more than a phrase."""
    print(f"\n{'excerpt':>22}  {'found':>6}  {'score 1/2 up':>12}")
    rng = random.Random(4)  # noqa: S311 - test data
    folded = {each.secret: letters_of(each.parts[0].text) for each in documents}
    whole = "\n".join(folded.values())
    for length, share in EXCERPTS:
        for language in LANGUAGES:
            texts_of = [
                text for name, text in folded.items() if f"/{language}/" in name and len(text) > 2 * length
            ]
            found = sure = tried = 0
            while tried < trials:
                text, host = rng.choice(texts_of), rng.choice(hosts)
                start, at = rng.randrange(len(text) - length), rng.randrange(len(host))
                excerpt = text[start : start + length]
                placed = f"{host[:at]}\n{edited(excerpt, share, rng)}\n{host[at:]}"
                its = [each for each in index.findings(part(placed)) if touches(each, at, at + length)]
                if not its and boilerplate(excerpt, whole):
                    continue
                tried += 1
                found += bool(its)
                sure += any(each.score >= HALF for each in its)
            print(
                f"{length:>6} letters, {share:>4.0%} {language}  {found / tried:>6.3f}  {sure / tried:>12.3f}"
            )
            assert share or length < GUARANTEED or found == tried, "an excerpt is missed"


def touches(finding: Finding, start: int, end: int) -> bool:
    """Return whether a finding overlaps the place."""
    return finding.start < end + 2 and finding.end > start


def boilerplate(excerpt: str, whole: str) -> bool:
    """Return whether part of an excerpt stands in more documents than may share it."""
    steps = range(0, max(1, len(excerpt) - GRAM + 1), 4)
    return any(whole.count(excerpt[at : at + GRAM]) > BOILERPLATE for at in steps)


def every_cut(index: FingerprintIndex, text: str, whole: str) -> None:
    """Assert that an excerpt of 30 letters is found at every cut of `text`."""
    units = letters_of(text)
    for start in range(len(units) - GUARANTEED):
        excerpt = units[start : start + GUARANTEED]
        found = index.findings(part(excerpt)) or boilerplate(excerpt, whole)
        assert found, f"an excerpt of 30 letters is missed at {start}"


def false_alarms(index: FingerprintIndex, public: FingerprintIndex) -> None:
    """Print how many unrelated documents are flagged."""
    print(f"\n{'unrelated documents':>22}  {'flagged':>8}  {'with public':>12}  {'phrases':>8}")
    for language in LANGUAGES:
        documents = list(texts(UNRELATED, language, 2000))
        bare = sum(any(each.score >= HALF for each in index.findings(part(text))) for _, text in documents)
        found = [index.findings(part(text), public=[public]) for _, text in documents]
        sure = sum(any(each.score >= HALF for each in its) for its in found)
        phrases = sum(bool(its) for its in found)
        count = len(documents)
        print(f"{count:>19} {language}  {bare / count:>8.2%}  {sure / count:>12.2%}  {phrases / count:>8.2%}")


def speed(index: FingerprintIndex, public: FingerprintIndex) -> None:
    """Print megabytes a second of UTF-8."""
    print(f"\n{'scanned':>22}  {'MB/s':>7}  {'x SHA-256':>9}  {'x winnowing':>11}")
    for language in LANGUAGES:
        text = "\n".join(text for _, text in texts(UNRELATED, language, 1 << 30))[:4_000_000]
        raw = text.encode()
        ours = timed(lambda text=text: index.findings(part(text), public=[public]))
        reference = timed(lambda raw=raw: hashlib.sha256(raw).digest())
        winnowing = timed(lambda text=text: winnowed(text), 1)
        print(
            f"{len(raw) / 1e6:>16.1f} MB {language}  {len(raw) / ours / 1e6:>7.1f}"
            f"  {reference / ours:>9.3f}  {winnowing / ours:>11.1f}"
        )


def drawn(seed: int) -> Image.Image:
    """Return an invented picture: gradients and shapes."""
    rng = random.Random(seed)  # noqa: S311 - test data
    coarse = np.random.default_rng(seed).integers(
        0, 256, (rng.randrange(3, 9), rng.randrange(3, 9), 3), np.uint8
    )
    picture = Image.fromarray(coarse).resize(
        (rng.randrange(300, 900), rng.randrange(300, 900)), Image.Resampling.BICUBIC
    )
    pen = ImageDraw.Draw(picture)
    for _ in range(rng.randrange(4, 30)):
        x, y = rng.randrange(picture.width), rng.randrange(picture.height)
        box = (x, y, x + rng.randrange(10, 300), y + rng.randrange(10, 300))
        shape = rng.choice((pen.rectangle, pen.ellipse))
        shape(box, fill=tuple(rng.randrange(256) for _ in range(3)))
    return picture


def stored(picture: Image.Image, form: str = "PNG", **options: int) -> bytes:
    """Return the bytes of a picture file."""
    out = io.BytesIO()
    picture.convert("RGB").save(out, form, **options)
    return out.getvalue()


def pictures(count: int) -> None:
    """Print how copies of pictures are found, and unrelated ones."""
    originals = [drawn(seed) for seed in range(count)]
    index = FingerprintIndex.empty(KEY).with_(
        Document(f"P{number}", f"P{number}", pictures=[Picture(stored(each))])
        for number, each in enumerate(originals)
    )
    changes: dict[str, Callable[[Image.Image], bytes]] = {
        "JPEG 30": lambda each: stored(each, "JPEG", quality=30),
        "half size": lambda each: stored(each.resize((each.width // 2, each.height // 2))),
        "a quarter, JPEG 50": lambda each: stored(
            each.resize((each.width // 4, each.height // 4)), "JPEG", quality=50
        ),
        "150 %, WebP 60": lambda each: stored(
            each.resize((each.width * 3 // 2, each.height * 3 // 2)), "WEBP", quality=60
        ),
        "grey": lambda each: stored(each.convert("L")),
        "blurred": lambda each: stored(each.filter(ImageFilter.GaussianBlur(2))),
        "2 % cut off": lambda each: stored(each.crop((each.width // 50, 0, each.width, each.height))),
    }
    print(f"\n{'picture':>22}  {'found':>6}")
    for name, change in changes.items():
        its = [index.findings([], [Picture(change(each))]) for each in originals]
        right = sum(bool(found) and found[0].id == f"P{number}" for number, found in enumerate(its))
        assert not any(found and found[0].id != f"P{number}" for number, found in enumerate(its))
        print(f"{name:>22}  {right / count:>6.3f}")
    others = sum(bool(index.findings([], [Picture(stored(drawn(seed)))])) for seed in range(count, 3 * count))
    print(f"{'unrelated':>22}  {others / (2 * count):>6.4f}  ({2 * count} x {count} pairs)")


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--trials", type=int, default=300, help="excerpts of each kind and language")
    parser.add_argument("--pictures", type=int, default=500)
    options = parser.parse_args()
    keep_freed_memory()
    documents = [
        document(name, text) for language in LANGUAGES for name, text in texts(REGISTERED, language, 4000)
    ][:10_000]
    letters = sum(len(each.parts[0].text) for each in documents)
    begin = time.process_time()
    index = FingerprintIndex.empty(KEY).with_(documents)
    built = time.process_time() - begin
    sealed = index.sealed(KEY)
    assert FingerprintIndex.open(sealed, KEY).sealed(KEY) == sealed
    assert index.with_([document("new", "x" * 99)]).without(["new"]).sealed(KEY) == sealed
    known = [(name, text) for language in LANGUAGES for name, text in texts(("manuals",), language, 1 << 30)]
    licences = (path for path in sorted(LICENCES.glob("*")) if path.is_file())
    known += [(path.name, path.read_text(errors="replace")) for path in licences]
    public = FingerprintIndex.empty(KEY).with_(document(name, text) for name, text in known)
    whole = "\n".join(letters_of(each.parts[0].text) for each in documents)
    for language in LANGUAGES:
        every_cut(index, next(islice(texts(REGISTERED, language, 4000), 40, None))[1][:1500], whole)
    print(
        f"{len(documents)} documents, {letters / 1e6:.1f} M letters, built at {letters / built / 1e6:.1f} M/s"
    )
    print(f"{len(sealed) / letters:.2f} bytes a letter, {index.units / letters:.2f} of the letters count")
    begin = time.process_time()
    index.with_([document("new", documents[0].parts[0].text)]).sealed(KEY)
    print(f"one document more, sealed: {time.process_time() - begin:.2f} s")
    speed(index, public)
    false_alarms(index, public)
    hosts = [text[:600] for _, text in texts(UNRELATED, "zh", 2000)][:200]
    recall(index, documents, hosts, options.trials)
    pictures(options.pictures)


if __name__ == "__main__":
    main()
