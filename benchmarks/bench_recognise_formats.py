"""How many planted values are found in files of every format, by kind and format, beside Presidio's.

The same natural text and values as `bench_recognise_accuracy`, rendered by `rendering`: runs and tags that
part values, cells whose kind only the head of their column names, pages that break lines, encodings and
archives; the older formats where LibreOffice is installed.  Each file goes through extraction and recognising
as in a scan.  A find counts when its kind and its whole value are right; a find of a planted kind that was
not planted is false, also where the natural text itself holds one.  Reference: Presidio (extra `bench`) on
what was extracted of the same files, since it opens none.  Aims, for each kind over all formats: recall 0.99
and precision 0.98 for kinds with checks, F1 0.90 for names and addresses.
"""

from __future__ import annotations

import argparse
import random
import sys
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from unicodedata import normalize

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))
from benchmarks import planting, rendering
from benchmarks.bench_recognise_accuracy import CHECKED, F1, PRECISION, PRESIDIO, RECALL, analyser, measures

from shoumi.engine.inspection.extract import extract
from shoumi.engine.inspection.recognise import Recogniser
from shoumi.engine.inspection.values import Part

LINES = 240  # of one file
EVERY = 500  # characters between values, at most
NAMES = [str(kind["name"]) for kind in planting.KINDS]
Value = tuple[str, str]  # kind, and text without anything that spellings differ in


def same(text: str) -> str:
    """Return what all spellings of a value have in common."""
    return "".join(letter for letter in normalize("NFKC", text) if letter.isalnum()).casefold()


def papers(characters: int, source: random.Random) -> list[rendering.Paper]:
    """Return what the files of one format are to say."""
    samples = planting.planted(planting.natural(characters), 1, every=EVERY)
    lines = [line for sample in samples for line in rendering.lines_of(sample)]
    made = []
    for at in range(0, len(lines), LINES):
        some = tuple(lines[at : at + LINES])
        prose = [line.text for line in some if not line.spots] or ["-"]
        made.append(rendering.Paper(some, rendering.table_of(source, prose)))
    return made


def files(name: str, characters: int) -> Iterator[tuple[rendering.Paper, bytes]]:
    """Yield what each file of a format says, and the file."""
    source = random.Random(name)  # noqa: S311 - test data
    made = papers(characters, source)
    if name in rendering.OLDER:
        yield from zip(made, rendering.older(made, name, source), strict=False)
    else:
        for paper in made:
            yield paper, rendering.FORMATS[name](paper, source)


def tallied(found: list[Value], paper: rendering.Paper, tally: dict[str, Counter[str]]) -> list[Value]:
    """Add the finds of one file; return what was missed."""
    left = Counter((kind, same(text)) for kind, text in paper.planted)
    for kind, _text in paper.planted:
        tally[kind]["planted"] += 1
    for kind, text in found:
        if left[kind, text]:
            left[kind, text] -= 1
            tally[kind]["right"] += 1
        elif kind in tally:
            tally[kind]["false"] += 1
    return list(left.elements())


def theirs(engine: object, parts: tuple[Part, ...], planted: list[Value]) -> list[Value]:
    """Return what Presidio finds in the parts, of the kinds that it has; of several the one planted."""
    kinds = {same(text): kind for kind, text in planted}
    found = []
    for part in parts:
        for each in engine.analyze(part.text, language="en", entities=[*PRESIDIO]):
            text = same(part.text[each.start : each.end])
            names = PRESIDIO[each.entity_type]
            found.append((kinds[text] if kinds.get(text) in names else names[0], text))
    return found


def main() -> int:
    """Render, find, print; return 1 when an aim is missed."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--characters", type=int, default=600_000, help="of natural text, in each format")
    parser.add_argument("--presidio", type=int, default=1, help="files of each format that Presidio reads")
    parser.add_argument("--formats", nargs="*", default=[*rendering.FORMATS, *rendering.OLDER])
    parser.add_argument("--show", action="store_true", help="the values that were missed")
    args = parser.parse_args()
    recogniser = Recogniser.load()
    engine = analyser() if args.presidio else None
    whole: dict[str, dict[str, Counter[str]]] = {}
    other: dict[str, Counter[str]] = {name: Counter() for name in NAMES}
    for name in args.formats:
        tally: dict[str, Counter[str]] = {kind: Counter() for kind in NAMES}
        for number, (paper, content) in enumerate(files(name, args.characters)):
            extraction = extract(content, f"a.{name.split()[0]}")
            assert not extraction.unreadable, extraction.unreadable
            finds = recogniser.findings(extraction.parts, most=10**9)
            missed = tallied([(each.id, same(each.text)) for each in finds], paper, tally)
            if args.show:
                print(*(f"  {name}: missed {kind} {text}" for kind, text in missed), sep="\n")
            if engine and number < args.presidio:
                tallied(theirs(engine, extraction.parts, paper.planted), paper, other)
        if any(tally.values()):
            whole[name] = tally
    return report(whole, other if engine else {})


def report(whole: dict[str, dict[str, Counter[str]]], other: dict[str, Counter[str]]) -> int:
    """Print recall by kind and format, then each kind with its aim; return 1 when one is missed."""
    print(f"recall {'':15}" + "".join(f"{name:>10}" for name in whole))
    for kind in NAMES:
        cells = (tally[kind] for tally in whole.values())
        shares = (f"{row['right'] / row['planted']:.4f}" if row["planted"] else "-" for row in cells)
        print(f"{kind:22}" + "".join(f"{share:>10}" for share in shares))
    print(f"{'precision, all kinds':22}", end="")
    for tally in whole.values():
        print(f"{measures(sum(tally.values(), Counter()))[1]:10.4f}", end="")
    heads = f"{'kind':22} {'planted':>8} {'recall':>7} {'precision':>9} {'F1':>6}"
    print(f"\n\n{heads}   Presidio: recall precision")
    short = []
    for kind in NAMES:
        row = sum((tally[kind] for tally in whole.values()), Counter())
        recall, precision, f1 = measures(row)
        line = f"{kind:22} {row['planted']:8} {recall:7.4f} {precision:9.4f} {f1:6.3f}"
        if other and any(kind in names for names in PRESIDIO.values()):
            their_recall, their_precision, _f1 = measures(other[kind])
            line += f"             {their_recall:6.3f}    {their_precision:6.3f}"
        print(line)
        good = (recall >= RECALL and precision >= PRECISION) if kind in CHECKED else f1 >= F1
        if not good:
            short.append(kind)
    print("Short of the aim: " + ", ".join(short) if short else "Every aim is met.")
    return 1 if short else 0


if __name__ == "__main__":
    sys.exit(main())
