"""How fast an index of rows is built and asked, how small it is, how surely rows are found, and no others.

Tables are invented: names, telephone numbers, companies and mail addresses of zh and ja form.  References in
the same run: a Python set of the same values (building, asking), numpy's searchsorted over the same hashes
sorted, and SHA-256 over the same text.  Processor time of this one process.
Right results first: of rows written in other spellings and orders all are found, and of text with values that
are not in the table none is.
"""

from __future__ import annotations

import argparse
import hashlib
import random
import resource
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from itertools import islice

import numpy as np

from shoumi.engine.inspection.exact import Column, ColumnKind, ExactIndex, Row, Rule, build, update
from shoumi.engine.inspection.values import Part, PartKind

KEY = bytes(range(32))
RULE = Rule(
    "customers",
    (
        Column("name", ColumnKind.NAME),
        Column("phone", ColumnKind.PHONE),
        Column("company", ColumnKind.COMPANY),
        Column("mail"),
    ),
)
SURNAMES = "王李张刘陈杨赵黄周吴徐孙胡朱高林何郭马罗梁宋郑谢韩唐冯于董萧程曹袁邓许傅沈曾彭吕苏卢蒋蔡贾丁魏薛"
GIVEN = "".join(chr(code) for code in range(0x5E00, 0x5F80))
TRADES = ("科技", "贸易", "精密", "电子", "材料", "物流", "製作", "商事")
FORMS = ("有限公司", "股份有限公司", "有限责任公司", "株式会社", " Co., Ltd.")


def rows(count: int, seed: int = 1) -> Iterator[Row]:
    """Yield invented rows."""
    rng = random.Random(seed)  # noqa: S311 - test data
    pick, number = rng.choice, rng.randrange
    for at in range(count):
        name = pick(SURNAMES) + pick(GIVEN) + (pick(GIVEN) if at % 4 else "")
        company = pick(GIVEN) + pick(GIVEN) + pick(GIVEN) + pick(TRADES) + FORMS[at % 5]
        phone = f"1{number(3, 10)}{number(10**9):09d}"
        yield f"C{at:09d}", (name, phone, company, f"u{number(10**8)}@{seed}.example.com")


@dataclass
class Made:
    """Invented rows, and the processor time that inventing them took: not the builder's."""

    count: int
    seconds: float = 0.0

    def __iter__(self) -> Iterator[Row]:
        """Yield the rows, made some thousands at a time."""
        source = rows(self.count)
        while True:
            begin = time.process_time()
            some = list(islice(source, 1 << 12))
            self.seconds += time.process_time() - begin
            if not some:
                return
            yield from some


def timed(act: Callable[[], object], rounds: int = 3) -> float:
    """Return the least processor time of some rounds."""
    best = float("inf")
    for _ in range(rounds):
        begin = time.process_time()
        act()
        best = min(best, time.process_time() - begin)
    return best


def respelt(row: Row, rng: random.Random) -> str:
    """Return two to four values of a row in another order and spelling, with words between."""
    name, phone, company, mail = row[1]
    ways = [
        rng.choice((name, f"{name[0]} {name[1:]}", f"{name}先生")),
        rng.choice((phone, f"+86 {phone[:3]}-{phone[3:7]}-{phone[7:]}", phone.translate(FULL_WIDTH))),
        rng.choice((company, company.split("有限")[0].split("股份")[0] + "股份有限公司", f"（{company}）")),
        rng.choice((mail, mail.upper(), mail.translate(FULL_WIDTH))),
    ]
    chosen = rng.sample(ways, rng.randrange(2, 5))
    return "，".join(f"{rng.choice(('其', '联系', '见', '另'))}：{each}" for each in chosen)


FULL_WIDTH = {code: code + 0xFEE0 for code in range(0x21, 0x7F)}


def prose(rng: random.Random, length: int) -> str:
    """Return invented running text with numbers in it."""
    words = ["".join(rng.choices(GIVEN, k=rng.randrange(2, 9))) for _ in range(400)]
    out: list[str] = []
    size = 0
    while size < length:
        piece = rng.choice(words) if rng.random() < 0.9 else str(rng.randrange(10**4, 10**11))  # noqa: PLR2004
        out.append(piece + rng.choice(("", "", "", "，", "。\n")))
        size += len(out[-1])
    return "".join(out)


def part(text: str) -> list[Part]:
    """Return `text` as the only part of a file."""
    return [Part(PartKind.BODY, text)]


def found(index: ExactIndex, text: str) -> list[str]:
    """Return the keys of the rows that are found."""
    return [str(dict(each.explanation.facts)["row"]) for each in index.findings(part(text))]


def correct(index: ExactIndex, known: list[Row]) -> None:
    """Assert that respelt rows are found, each told by its key, and rows of another table are not."""
    rng = random.Random(3)  # noqa: S311 - test data
    missed = [row[0] for row in known if row[0] not in found(index, prose(rng, 60) + respelt(row, rng))]
    assert not missed, f"rows are missed: {missed[:3]}"
    strange = "\n".join(respelt(row, rng) for row in rows(20_000, seed=2))
    telling = {"phone", "mail"}  # names and companies of the two tables may be the same
    its = index.findings(part(strange))
    wrong = [finding for finding in its if telling & set(finding.explanation.context)]
    assert not wrong, "a row was found that is not in the text"


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--rows", type=int, default=300_000, help="the full size is 10,000,000")
    options = parser.parse_args()
    table = list(rows(min(options.rows, 300_000)))
    cells = options.rows * len(RULE.columns)
    made = Made(options.rows)
    begin = time.process_time()
    sealed = build(made, RULE, KEY)
    built = time.process_time() - begin - made.seconds
    print(f"{options.rows} rows x {len(RULE.columns)}: built at {cells / built / 1e6:.2f} M cells/s,")
    print(f"{len(sealed) / 1e6:.0f} MB, {len(sealed) / cells:.2f} bytes a cell with the keys of the rows")
    begin = time.process_time()
    index = ExactIndex.open(sealed, KEY)
    opened = time.process_time() - begin
    held = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1e6
    print(f"opened in {opened:.2f} s; at most {held:.1f} GB were in memory while building and opening")
    correct(index, table[:: len(table) // 500])
    values = [cell for _, row in table for cell in row]
    encoded = [value.encode() for value in values[:400_000]]
    digests = timed(lambda: [hashlib.blake2b(each, digest_size=8, key=KEY).digest() for each in encoded], 1)
    print(f"reference: keyed BLAKE2b of as many strings, one by one, {len(encoded) / digests / 1e6:.2f} M/s")
    reference = timed(lambda: set(values), 1)
    print(
        f"reference: a Python set of {len(values)} values is built at {len(values) / reference / 1e6:.2f} M/s"
    )
    changed = [(key, (name, "10000000000", "", "")) for key, (name, *_) in table[:1000]]
    begin = time.process_time()
    renewed = update(sealed, changed, [key for key, _ in table[1000:2000]], KEY)
    print(f"1000 rows changed and 1000 removed in {time.process_time() - begin:.2f} s")
    assert ExactIndex.open(renewed, KEY).rows == options.rows - 1000
    del renewed, sealed
    lookups(index, values)
    reading(index, table)


def lookups(index: ExactIndex, values: list[str]) -> None:
    """Print look-ups a second: of hashes, one in a hundred of which is in the table."""
    rng = np.random.default_rng(1)
    count = 4_000_000
    asked = rng.integers(0, 1 << 63, count, np.uint64) * np.uint64(2)
    quick = index.searcher.quick

    def filtered() -> int:
        hits = 0
        for at in range(0, count, 1 << 15):
            some = asked[at : at + (1 << 15)]
            perhaps = some[quick.holds(some)]
            low, high = index.table.ranges(perhaps)
            hits += int((low < high).sum())
        return hits

    ours = timed(filtered)
    everything = np.sort(index.table.hashes())
    ordered = np.sort(asked)
    sorted_batch = timed(lambda: np.searchsorted(everything, ordered))
    at_random = timed(lambda: np.searchsorted(everything, asked), 1)
    known, strings = set(values), values[:1_000_000]
    python = timed(lambda: sum(each in known for each in strings))
    true = index.table.hashes()[rng.integers(0, len(everything), 1_000_000)]
    low, high = index.table.ranges(true)
    assert (low < high).all(), "a hash of the table is not found"
    hits = timed(lambda: index.table.ranges(true))
    print(f"\nlook-ups, M/s: {count / ours / 1e6:.1f}; all of them hits {len(true) / hits / 1e6:.1f}")
    print(
        f"references: searchsorted of a sorted batch {count / sorted_batch / 1e6:.1f}, unsorted"
        f" {count / at_random / 1e6:.1f}; Python set {len(strings) / python / 1e6:.1f}"
    )


def reading(index: ExactIndex, table: list[Row]) -> None:
    """Print megabytes a second, and the rows that are found wrongly in text."""
    rng = random.Random(5)  # noqa: S311 - test data
    print(f"\n{'text':>28}  {'MB/s':>6}  {'x SHA-256':>9}  {'rows':>7}")
    plain = prose(rng, 3_000_000)
    words = ("order", "invoice", "total", "item")
    latin = "".join(f"{rng.choice(words)} {rng.randrange(10**8)}\n" for _ in range(150_000))
    dense = "\n".join("\t".join(row[::-1]) for _, row in table[:20_000])
    for name, text in (("running text", plain), ("numbers and words", latin), ("the table itself", dense)):
        raw = text.encode()
        its = index.findings(part(text))
        ours = timed(lambda text=text: index.findings(part(text)))
        ratio = timed(lambda raw=raw: hashlib.sha256(raw).digest()) / ours
        size = len(raw) / 1e6
        print(f"{size:>7.1f} MB {name:>17}  {size / ours:>6.1f}  {ratio:>9.4f}  {len(its):>7}")
        if name == "numbers and words":
            assert not its, "a row was found where there is none"
    keys = set(found(index, dense))
    assert all(key in keys for key, _ in table[:20_000]), "a row of the table is missed"
    bits = index.table.kept
    print(f"a value that is not in the table is taken for one with probability {index.cells / 2**bits:.1e}")


if __name__ == "__main__":
    main()
