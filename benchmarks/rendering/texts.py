"""Plain text, tables with commas and mails, in the encodings of the countries."""

from __future__ import annotations

import base64
import csv
import io
import quopri

from benchmarks.rendering.papers import Paper, Random, can, values, writable


def as_csv(paper: Paper, source: Random, codec: str = "gb18030") -> bytes:
    """Return the table in an encoding; columns and rows that it cannot write are left out."""
    table, delimiter = paper.table, source.choice(",,;")
    columns = [at for at, head in enumerate(table.heads) if can(head, codec)]
    rows = [[row[at] for at in columns] for row in table.rows]
    rows = [row for row in rows if can("".join(row), codec)]
    stream = io.StringIO()
    writer = csv.writer(stream, delimiter=delimiter, lineterminator="\r\n")
    writer.writerow([table.heads[at] for at in columns])
    writer.writerows(rows)
    kinds = [table.kinds[at] for at in columns]
    paper.planted.extend((kind, cell) for row in rows for kind, cell in zip(kinds, row, strict=True) if kind)
    return stream.getvalue().encode(codec)


def as_sjis_csv(paper: Paper, source: Random) -> bytes:
    """Return the table in Shift_JIS."""
    return as_csv(paper, source, "cp932")


def as_sjis_text(paper: Paper, _source: Random) -> bytes:
    """Return the lines that Shift_JIS can write."""
    kept = writable(paper, "cp932")
    paper.planted.extend(values(kept))
    return "\r\n".join(line.text for line in kept).encode("cp932")


def as_eml(paper: Paper, source: Random) -> bytes:
    """Return a mail: the lines as its text, quoted, in base64 or in ISO-2022-JP; the table is attached."""
    codec = source.choice(("gb18030", "utf-8", "iso-2022-jp"))
    lines = writable(paper, codec)
    text = "\r\n".join(line.text for line in lines).encode(codec)
    way = "base64" if codec == "gb18030" else "quoted-printable" if codec == "utf-8" else "7bit"
    told = {"base64": base64.encodebytes, "quoted-printable": quopri.encodestring}.get(way, bytes)(text)
    table = as_csv(paper, source)
    paper.planted.extend([*values(lines), ("world.email", "a@example.com"), ("world.email", "b@example.com")])
    head = (
        "From: a@example.com\r\nTo: b@example.com\r\nSubject: list\r\nMIME-Version: 1.0\r\n"
        'Content-Type: multipart/mixed; boundary="=b="\r\n\r\n--=b=\r\n'
        f"Content-Type: text/plain; charset={codec}\r\nContent-Transfer-Encoding: {way}\r\n\r\n"
    )
    middle = (
        '\r\n--=b=\r\nContent-Type: text/csv; name="a.csv"\r\nContent-Transfer-Encoding: base64\r\n'
        'Content-Disposition: attachment; filename="a.csv"\r\n\r\n'
    )
    return head.encode() + told + middle.encode() + base64.encodebytes(table) + b"--=b=--\r\n"


def as_text(paper: Paper, _source: Random) -> bytes:
    """Return the lines."""
    paper.planted.extend(values(paper.lines))
    return "\n".join(line.text for line in paper.lines).encode()
