import csv
import hashlib
import os
import re
from concurrent.futures import ThreadPoolExecutor
from urllib.parse import quote

import pytest

from printers import transports
from printers.errors import TransportError
from printers.transports import file


def documents(folder):
    """What is in the folder beside its index."""
    return {path.name: path.read_bytes() for path in folder.iterdir() if path.name != "index.csv"}


def test_a_missing_folder_is_made_and_a_document_has_its_name(tmp_path):
    folder = tmp_path / "a b" / "labels"
    with transports.connect(f"file:{folder}", timeout_s=1) as connection:
        connection.write(b"%PDF", name="job-12.pdf", timeout_s=1)
    assert documents(folder) == {"job-12.pdf": b"%PDF"}


@pytest.mark.parametrize("name", ["line #2", "what?", "50%", "%20", "a?b#c"])
def test_a_folder_may_have_any_name(tmp_path, name):
    quoted = f"file:{tmp_path}/{quote(name)}/"
    plain = f"file:{tmp_path}/{name.replace('%2', '%252')}/"
    for number, uri in enumerate((quoted, plain)):
        with transports.connect(uri, timeout_s=1) as connection:
            connection.write(b"x", name=f"{number}.zpl", timeout_s=1)
    assert sorted(documents(tmp_path / name)) == ["0.zpl", "1.zpl"]


def test_a_relative_folder_is_relative_to_the_working_folder(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    with transports.connect("file:out/", timeout_s=1) as connection:
        connection.write(b"x", name="a.zpl", timeout_s=1)
    assert (tmp_path / "out" / "a.zpl").read_bytes() == b"x"


@pytest.mark.parametrize(
    "name",
    [
        "../a.pdf",
        "a/b.pdf",
        "a\\b.pdf",
        "..",
        ".",
        ".hidden",
        "a\0b",
        "a\nb",
        "",
    ],
)
def test_a_name_that_could_leave_the_folder_is_refused(tmp_path, name):
    connection = transports.connect(f"file:{tmp_path}", timeout_s=1)
    with pytest.raises(ValueError, match="^Document name .*: expected a file name"):
        connection.write(b"x", name=name, timeout_s=1)
    assert list(tmp_path.iterdir()) == []


def test_a_failed_write_leaves_the_old_document_and_no_rubbish(tmp_path, monkeypatch):
    connection = transports.connect(f"file:{tmp_path}", timeout_s=1)
    connection.write(b"old", name="a.pdf", timeout_s=1)

    def disk_full(number: int) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(os, "fsync", disk_full)
    with pytest.raises(TransportError) as failed:
        connection.write(b"new", name="a.pdf", timeout_s=1)
    assert failed.value.bytes_written == 0
    assert str(failed.value) == (
        f"Document {tmp_path / 'a.pdf'} cannot be written: [Errno 28] No space left on device; "
        "expected a folder with free space that this user may write to."
    )
    assert documents(tmp_path) == {"a.pdf": b"old"}


def test_a_document_that_is_there_but_may_not_last_is_told_to_have_been_written(
    tmp_path, monkeypatch
):
    connection = transports.connect(f"file:{tmp_path}", timeout_s=1)

    def unsynced(_folder: object) -> None:
        raise OSError(5, "Input/output error")

    monkeypatch.setattr(file, "_sync_folder", unsynced)
    with pytest.raises(TransportError) as failed:
        connection.write(b"new", name="a.pdf", timeout_s=1)
    assert (failed.value.bytes_written, documents(tmp_path)) == (3, {"a.pdf": b"new"})


def test_a_file_where_the_folder_should_be_is_a_transport_error(tmp_path):
    (tmp_path / "labels").write_text("no folder")
    with pytest.raises(TransportError, match="cannot be made"):
        transports.connect(f"file:{tmp_path}/labels", timeout_s=1)


@pytest.mark.parametrize("name", ["index.csv", "Index.CSV"])
def test_no_document_takes_the_place_of_the_index(tmp_path, name):
    connection = transports.connect(f"file:{tmp_path}", timeout_s=1)
    with pytest.raises(ValueError, match="expected") as refused:
        connection.write(b"x", name=name, timeout_s=1)
    assert str(refused.value) == (
        f"Document name {name!r}: expected another one, for example job-12.pdf, since this is the "
        "folder's list of documents."
    )


def rows_of(folder):
    with (folder / "index.csv").open(encoding="utf-8", newline="") as index:
        return list(csv.reader(index))


LABEL, OTHER = b"%PDF label", b"%PDF other"
DIGEST, OTHER_DIGEST = (hashlib.sha256(one).hexdigest() for one in (LABEL, OTHER))


@pytest.fixture
def archive(tmp_path):
    """A folder with two documents, one of them written twice."""
    with transports.connect(f"file:{tmp_path}", timeout_s=1) as connection:
        connection.write(OTHER, name="a.pdf", timeout_s=1)
        connection.write(LABEL, name="a.pdf", timeout_s=1)
        connection.write(LABEL, name="b, c.pdf", timeout_s=1)
    return tmp_path


def test_the_index_has_a_row_for_each_document_that_was_written(archive):
    rows = rows_of(archive)
    assert rows[0] == ["time", "name", "sha256", "bytes"]
    assert [row[1:] for row in rows[1:]] == [
        ["a.pdf", OTHER_DIGEST, "10"],
        ["a.pdf", DIGEST, "10"],
        ["b, c.pdf", DIGEST, "10"],
    ]
    for time, *_ in rows[1:]:
        assert re.fullmatch(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z", time)


def test_an_archive_is_checked_against_its_index(archive):
    uri = f"file:{archive}"
    assert file.check(uri) == []
    (archive / "a.pdf").write_bytes(OTHER)
    (archive / "b, c.pdf").unlink()
    (archive / "d.pdf").write_bytes(b"brought along")
    assert file.check(uri) == [
        f"Document a.pdf has changed: expected SHA-256 {DIGEST}, found {OTHER_DIGEST}.",
        f"Document b, c.pdf is missing: expected a file of SHA-256 {DIGEST}.",
        "Document d.pdf is not in index.csv: expected only what was written here.",
    ]


def test_a_row_that_a_crash_cut_is_left_alone_and_the_next_one_is_whole(archive):
    index = archive / "index.csv"
    index.write_bytes(index.read_bytes()[:-40])
    before = index.read_bytes()
    with transports.connect(f"file:{archive}", timeout_s=1) as connection:
        connection.write(LABEL, name="b, c.pdf", timeout_s=1)
    lines = index.read_bytes().removeprefix(before).split(b"\n")
    assert [lines[0], lines[2:]] == [b"", [b""]]
    assert lines[1].endswith(f',"b, c.pdf",{DIGEST},10'.encode())
    assert file.check(f"file:{archive}") == []


def test_an_index_that_cannot_be_written_is_told_though_the_document_is_there(archive):
    index = archive / "index.csv"
    index.unlink()
    index.mkdir()
    connection = transports.connect(f"file:{archive}", timeout_s=1)
    with pytest.raises(TransportError) as failed:
        connection.write(OTHER, name="a.pdf", timeout_s=1)
    assert failed.value.bytes_written == len(OTHER)
    assert str(failed.value) == (
        f"Document {archive / 'a.pdf'} is written, but index.csv beside it cannot be: [Errno 21] "
        f"Is a directory: '{index}'; expected a file with free space that this user may write to; "
        "written again, the document replaces itself."
    )
    assert (archive / "a.pdf").read_bytes() == OTHER


def test_many_printers_may_share_a_folder_and_its_index(tmp_path):
    def write(printer):
        with transports.connect(f"file:{tmp_path}", timeout_s=1) as connection:
            for number in range(20):
                connection.write(LABEL, name=f"{printer}-{number}.pdf", timeout_s=1)

    with ThreadPoolExecutor(4) as pool:
        list(pool.map(write, range(4)))
    rows = rows_of(tmp_path)
    assert rows[0] == ["time", "name", "sha256", "bytes"]
    assert len(rows) == 81
    assert {len(row) for row in rows} == {4}
    assert file.check(f"file:{tmp_path}") == []
