"""PDF: the mark stands upright on what the reader sees of each page, and can be taken out again."""

from __future__ import annotations

import io
import subprocess

import pytest
from pikepdf import Array, Dictionary, Encryption, Name, Pdf, String, parse_content_stream
from tests.fakes.foreign_files.papers import papers, written
from tests.fakes.marks import CHANGED, CHINESE, COPY, JAPANESE, OLD_WORDS, form

from shoumi.engine.marking.errors import (
    DamagedError,
    EncryptedError,
    MarkTextError,
    SignedError,
    UnsupportedFeatureError,
)
from shoumi.engine.marking.marking import Kind, mark, read_labels, unmark
from shoumi.engine.marking.values import Form

FILES = papers()


def pages_of(content: bytes) -> list[tuple]:
    """Return what each page says, by content and keys."""
    with Pdf.open(io.BytesIO(content)) as pdf:
        return [
            (b"\n".join(parse_bytes(page)), sorted(page.obj.keys()), str(page.obj.get("/Rotate")))
            for page in pdf.pages
        ]


def parse_bytes(page) -> list[bytes]:
    contents = page.obj.get("/Contents")
    streams = list(contents) if isinstance(contents, Array) else [contents] if contents is not None else []
    return [stream.read_bytes() for stream in streams]


def text_of(content: bytes) -> list[str]:
    """Return the text of each page as poppler reads it."""
    run = subprocess.run(["pdftotext", "-", "-"], input=content, capture_output=True, check=True)
    return run.stdout.decode().split("\f")[:-1]


@pytest.mark.requirement("MRK-02", "MRK-07", "CPU-09")
@pytest.mark.parametrize("name", FILES)
def test_every_page_shows_the_mark_and_all_can_be_undone(name):
    content = FILES[name]
    marked = mark(content, Kind.PDF, CHINESE, form())
    assert mark(content, Kind.PDF, CHINESE, form()) == marked
    assert mark(marked, Kind.PDF, CHINESE, form()) == marked
    changed = mark(marked, Kind.PDF, CHANGED, form(copy=COPY))
    assert changed == mark(content, Kind.PDF, CHANGED, form(copy=COPY))
    assert read_labels(marked, Kind.PDF).mark == CHINESE
    assert read_labels(marked, Kind.PDF).foreign == (("0a1b2c3d-1111-2222-3333-444455556666", "Core"),)
    assert read_labels(content, Kind.PDF).mark is None
    assert unmark(content, Kind.PDF) == content
    restored = unmark(marked, Kind.PDF)
    assert pages_of(restored) == pages_of(content)
    assert b"Shoumi" not in restored
    with Pdf.open(io.BytesIO(marked)) as pdf:
        assert not pdf.check_pdf_syntax()
        for page in pdf.pages:
            operators = [str(item.operator) for item in parse_content_stream(page)]
            assert operators[-6:] == ["BDC", "q", "cm", "Do", "Q", "EMC"]
            assert operators.count("q") == operators.count("Q")


def test_poppler_finds_the_four_parts_on_every_page_of_every_file():
    for name, content in FILES.items():
        for language in (CHINESE, JAPANESE):
            for page in text_of(mark(content, Kind.PDF, language, form())):
                for part in language.parts:
                    assert "".join(part.split()) in "".join(page.split()), name
            break
    pages = text_of(mark(FILES["0-0-plain.pdf"], Kind.PDF, JAPANESE, form()))
    assert all("秘密保持義務" in page for page in pages)


def test_old_words_are_gone_from_every_stream():
    changed = mark(mark(FILES["90-1-extras.pdf"], Kind.PDF, CHINESE, form()), Kind.PDF, CHANGED, form())
    assert not [word for word in OLD_WORDS for page in text_of(changed) if word in page]
    with Pdf.open(io.BytesIO(changed)) as pdf:
        streams = b"".join(
            obj.read_bytes()
            for obj in pdf.objects
            if hasattr(obj, "read_bytes") and obj.get("/Type") == Name.Metadata
        )
        assert "核心商密" not in streams.decode()
        assert pdf.attachments["附件.txt"].get_file().read_bytes() == "附件内容".encode()
        assert len(pdf.Root.AcroForm.Fields) == 1


def test_metadata_of_others_survives_byte_for_byte():
    content = FILES["0-0-metadata.pdf"]

    def packet(data):
        with Pdf.open(io.BytesIO(data)) as pdf:
            return pdf.Root.Metadata.read_bytes(), str(pdf.docinfo["/Title"])

    marked = mark(content, Kind.PDF, CHINESE, form())
    assert packet(unmark(marked, Kind.PDF)) == packet(content)
    assert b"urn:shoumi:mark:1" in packet(marked)[0]


def altered(change) -> bytes:
    with Pdf.open(io.BytesIO(FILES["0-0-extras.pdf"])) as pdf:
        change(pdf)
        return written(pdf)


def _sign(pdf):
    field = pdf.make_indirect(Dictionary(FT=Name.Sig, T=String("s"), V=Dictionary(Type=Name.Sig)))
    pdf.Root.AcroForm.Fields.append(Dictionary(T=String("group"), Kids=Array([field])))


def _certify(pdf):
    pdf.Root.Perms = Dictionary(DocMDP=Dictionary(Type=Name.Sig))


def _dynamic(pdf):
    pdf.Root.AcroForm.XFA = Array([])
    pdf.Root.NeedsRendering = True


@pytest.mark.parametrize(
    ("change", "error"), [(_sign, SignedError), (_certify, SignedError), (_dynamic, UnsupportedFeatureError)]
)
def test_what_a_mark_would_break_is_refused(change, error):
    with pytest.raises(error):
        mark(altered(change), Kind.PDF, CHINESE, form())


@pytest.mark.parametrize("user", ["", "password"])
def test_encrypted_files_are_refused_with_and_without_a_password_to_open(user):
    with Pdf.open(io.BytesIO(FILES["0-0-plain.pdf"])) as pdf:
        stream = io.BytesIO()
        pdf.save(stream, encryption=Encryption(owner="owner", user=user))
    with pytest.raises(EncryptedError):
        mark(stream.getvalue(), Kind.PDF, CHINESE, form())


@pytest.mark.parametrize("content", [b"", b"%PDF-1.7\n", b"%PDF-1.4 nothing else", b"PK\x03\x04"])
def test_no_pdf_is_refused(content):
    with pytest.raises(DamagedError):
        mark(content, Kind.PDF, CHINESE, form())


def test_a_pdf_needs_a_font():
    with pytest.raises(MarkTextError):
        mark(FILES["0-0-plain.pdf"], Kind.PDF, CHINESE, Form())
