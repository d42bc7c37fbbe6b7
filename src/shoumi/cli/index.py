"""`shoumi index`: makes and keeps the indexes that `shoumi scan --index NAME` matches with.

    shoumi index build customers --table 客户.xlsx --key 编号 --column 姓名:name --column 手机:phone
    shoumi index build drawings --folder ~/drawings --secret 2026-017 --level core
    shoumi index update customers --table today.csv        rows with a known key replace the old ones
    shoumi index update drawings --folder ~/drawings       new and changed files in, missing ones out
    shoumi index list
    shoumi index drop customers

An index of a table holds keyed hashes of cells, one of a folder those of stretches of text; no text.  A new
index gets a key of its own, in a file that nobody else may read; without it the index says nothing.
--public makes an index of text that everybody may have (`shoumi scan --public NAME`): it does not count as
copied.  Registered secrets are indexed by the server.

Exit status: 0 done, 2 bad input, 4 there is such an index already, 5 a key is missing or open to others.
"""

from __future__ import annotations

import argparse
import os
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Final

from shoumi.cli.speaking import language, printable, say
from shoumi.engine.errors import ConflictError, InputError
from shoumi.engine.inspection.exact import Column, ColumnKind, ExactIndex, Row, Rule, build, update
from shoumi.engine.inspection.exact.sources import rows_of_csv, rows_of_workbook
from shoumi.engine.inspection.fingerprint import Document, FingerprintIndex
from shoumi.engine.inspection.report.table import size_text
from shoumi.engine.inspection.report.wording import LEVELS as LEVEL_WORDS
from shoumi.engine.inspection.report.wording import REASONS
from shoumi.engine.inspection.values import Reason
from shoumi.engine.inspection.verdict.loading import LEVELS
from shoumi.engine.jurisdiction.values import Texts
from shoumi.sandbox.scanning.folders import Kept, documents_of
from shoumi.sandbox.scanning.indexes import IndexFile, IndexShelf
from shoumi.sandbox.scanning.opening import is_table
from shoumi.sandbox.scanning.walking import shown

_GONE: Final = Texts(
    "索引 {name} 及其密钥已删除。", "索引 {name} とその鍵を削除しました。", "{name} and its key are gone."
)
_LEFT_OUT: Final = Texts(
    "未收入 {path}：{reason}", "{path} は取り込みませんでした：{reason}", "{path} is left out: {reason}"
)
_TABLE: Final = Texts(
    "表格  {rows} 行  {columns} 中 {needed} 列在 {within} 个字符之内",
    "表  {rows} 行  {columns} のうち {needed} 列が {within} 文字以内",
    "table  {rows} rows  {needed} of {columns} within {within} letters",
)
_FOLDER: Final = Texts(
    "文件夹  {documents} 个文件  {letters} 字",
    "フォルダー  {documents} 件  {letters} 字",
    "folder  {documents} documents  {letters} letters",
)
_CSV: Final = frozenset({".csv", ".tsv", ".txt"})
_REQUIRED: Final = "!"


class IndexExistsError(ConflictError):
    """There is an index of this name."""

    code = "conflict.index_exists"
    message = "There is an index {name} already; update it, or drop it first."


class IndexSourceError(InputError):
    """The table or folder cannot be used."""

    code = "input.index_source"
    message = "{path} cannot be read: {reason}."


class IndexKindError(InputError):
    """An index of a table was to be updated from a folder, or the other way round."""

    code = "input.index_kind"
    message = "The index {name} was made from a {kind}; give --{kind}."


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Declare the options of the verb."""
    parser.add_argument("--index-directory", type=Path, metavar="DIR", help="default: SHOUMI_INDEX_DIRECTORY")
    parser.add_argument(
        "--key-directory", type=Path, metavar="DIR", help="default: SHOUMI_INDEX_KEY_DIRECTORY"
    )
    verbs = parser.add_subparsers(dest="what", required=True, metavar="build|update|list|drop")
    made = verbs.add_parser("build", help="make an index")
    _add_source(made)
    made.add_argument(
        "--column",
        action="append",
        default=[],
        type=_column,
        metavar="NAME[:KIND]",
        help=f"a column to look for; KIND: {', '.join(ColumnKind)}; with {_REQUIRED} at the end, a must",
    )
    made.add_argument(
        "--needed", type=int, default=2, metavar="N", help="columns of a row that must stand together"
    )
    made.add_argument(
        "--within", type=int, default=300, metavar="N", help="letters between the first and the last"
    )
    made.add_argument("--level", choices=LEVELS, default="", help="level of what is found")
    made.add_argument("--secret", default="", help="number of the secret that the folder belongs to")
    made.add_argument("--public", action="store_true", help="text that everybody may have")
    changed = verbs.add_parser("update", help="bring an index up to date")
    _add_source(changed)
    changed.add_argument(
        "--remove", action="append", default=[], metavar="KEY", help="key of a row to take out"
    )
    changed.add_argument("--level", choices=LEVELS, default="", help="level of new documents")
    changed.add_argument("--secret", default="", help="number of the secret of new documents")
    verbs.add_parser("list", help="tell which indexes there are")
    dropped = verbs.add_parser("drop", help="delete an index and its key")
    dropped.add_argument("name", metavar="NAME")


def _add_source(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("name", metavar="NAME")
    source = parser.add_mutually_exclusive_group(required=True)
    source.add_argument(
        "--table", type=Path, metavar="FILE", help="CSV, xlsx, xls or ods; its first row names columns"
    )
    source.add_argument("--folder", type=Path, metavar="DIR", help="documents to be fingerprinted")
    parser.add_argument("--key", metavar="COLUMN", help="the column by which a row is told")
    parser.add_argument("--sheet", metavar="NAME", help="default: the first")
    parser.add_argument("--jobs", type=int, default=len(os.sched_getaffinity(0)), metavar="N")


def run(args: argparse.Namespace) -> int:
    """Do what was asked; return the exit status.

    Raises:
        IndexMissingError, IndexNameError, IndexSourceError, IndexKindError, leaves of building: status 2.
        IndexExistsError: status 4.
        IndexKeyMissingError, IndexKeyExposedError: status 5.
    """
    shelf = IndexShelf.of_environment(args.index_directory, args.key_directory)
    does: dict[str, Callable[[argparse.Namespace, IndexShelf], None]] = {
        "build": _build,
        "update": _update,
        "list": _list,
        "drop": _drop,
    }
    does[args.what](args, shelf)
    return 0


def _build(args: argparse.Namespace, shelf: IndexShelf) -> None:
    index = shelf.place(args.name)
    if index.path.exists():
        raise IndexExistsError(name=args.name)
    _check_source(args)
    if args.table:
        if not args.key or not args.column:
            raise IndexSourceError(path=shown(args.table), reason="--key and --column are needed")
        rule = Rule(args.name, tuple(args.column), args.needed, args.within, args.level)
        rows = list(_rows(args, rule))
        key = index.write_key()
        index.write(build(rows, rule, key))
    else:
        key = index.write_key()
        _write_folder(args, index, FingerprintIndex.empty(key), key)
    _tell_one(index)


def _update(args: argparse.Namespace, shelf: IndexShelf) -> None:
    index = shelf.find(args.name)
    if is_table(index.path) != bool(args.table):
        raise IndexKindError(name=args.name, kind="table" if is_table(index.path) else "folder")
    _check_source(args)
    key = index.read_key()
    if args.table:
        if not args.key:
            raise IndexSourceError(path=shown(args.table), reason="--key is needed")
        rule = ExactIndex.open(index.path, key).rule
        index.write(update(index.path, _rows(args, rule), args.remove, key))
    else:
        _write_folder(args, index, FingerprintIndex.open(index.path, key), key)
    _tell_one(index)


def _list(_args: argparse.Namespace, shelf: IndexShelf) -> None:
    for index in shelf.all():
        _tell_one(index)


def _drop(args: argparse.Namespace, shelf: IndexShelf) -> None:
    index = shelf.find(args.name)
    index.path.unlink()
    index.key.unlink(missing_ok=True)  # copies of the index say nothing any more
    print(printable(_GONE.in_language(language()).format(name=args.name)))


def _check_source(args: argparse.Namespace) -> None:
    if args.folder and not args.folder.is_dir():
        raise IndexSourceError(path=shown(args.folder), reason="there is no such folder")


def _rows(args: argparse.Namespace, rule: Rule) -> Iterator[Row]:
    try:
        if args.table.suffix.lower() in _CSV:
            yield from rows_of_csv(args.table, rule, args.key)
        else:
            yield from rows_of_workbook(args.table, rule, args.key, args.sheet)
    except OSError as error:
        raise IndexSourceError(path=shown(args.table), reason=error.strerror or "no such file") from error


def _write_folder(args: argparse.Namespace, index: IndexFile, old: FingerprintIndex, key: bytes) -> None:
    """Bring fingerprints up to date with a folder."""
    new: list[Document] = []
    there: set[str] = set()
    public = getattr(args, "public", False)
    secret = args.secret or ("" if public else args.name)
    for each in documents_of(args.folder, old.ids, secret=secret, level=args.level, jobs=args.jobs):
        if isinstance(each, Document):
            new.append(each)
        elif isinstance(each, Kept):
            there.add(each.id)
        else:
            say(_LEFT_OUT, "index", path=each.path, reason=_reason(each.reason))
    index.write(old.without(old.ids - there).with_(new).sealed(key))


def _reason(code: str) -> str:
    """Return why a file was left out; what an operating system says stays as it is."""
    return REASONS[Reason(code)].in_language(language()) if code in set(Reason) else code


def _tell_one(index: IndexFile) -> None:
    size = size_text(index.path.stat().st_size)
    key = index.read_key()
    if is_table(index.path):
        table = ExactIndex.open(index.path, key)
        told = _TABLE.in_language(language()).format(
            rows=f"{table.rows:,}",
            needed=table.rule.needed,
            columns=", ".join(column.name for column in table.rule.columns),
            within=table.rule.within,
        )
        levels = {table.rule.level}
    else:
        opened = FingerprintIndex.open(index.path, key)
        told = _FOLDER.in_language(language()).format(
            documents=f"{len(opened.entries):,}", letters=f"{opened.units:,}"
        )
        levels = {entry.level for entry in opened.entries}
    words = [each.in_language(language()) for level, each in LEVEL_WORDS.items() if level in levels]
    print(printable("  ".join([index.name, size, told, *words])))


def _column(text: str) -> Column:
    required = text.endswith(_REQUIRED)
    name, _, kind = text.removesuffix(_REQUIRED).rpartition(":")
    if kind and name and kind in tuple(ColumnKind):
        return Column(name, ColumnKind(kind), required)
    return Column(text.removesuffix(_REQUIRED), ColumnKind.TEXT, required)
