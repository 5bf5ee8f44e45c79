import os
from urllib.parse import quote

import pytest

from printers import transports
from printers.errors import TransportError


def test_a_missing_folder_is_made_and_a_document_has_its_name(tmp_path):
    folder = tmp_path / "a b" / "labels"
    with transports.connect(f"file:{folder}", timeout_s=1) as connection:
        connection.write(b"%PDF", name="job-12.pdf", timeout_s=1)
    assert {path.name: path.read_bytes() for path in folder.iterdir()} == {"job-12.pdf": b"%PDF"}


@pytest.mark.parametrize("name", ["line #2", "what?", "50%", "%20", "a?b#c"])
def test_a_folder_may_have_any_name(tmp_path, name):
    quoted = f"file:{tmp_path}/{quote(name)}/"
    plain = f"file:{tmp_path}/{name.replace('%2', '%252')}/"
    for number, uri in enumerate((quoted, plain)):
        with transports.connect(uri, timeout_s=1) as connection:
            connection.write(b"x", name=f"{number}.zpl", timeout_s=1)
    assert sorted(path.name for path in (tmp_path / name).iterdir()) == ["0.zpl", "1.zpl"]


def test_a_relative_folder_is_relative_to_the_working_folder(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    with transports.connect("file:out/", timeout_s=1) as connection:
        connection.write(b"x", name="a.zpl", timeout_s=1)
    assert (tmp_path / "out" / "a.zpl").read_bytes() == b"x"


@pytest.mark.parametrize(
    "name", ["../a.pdf", "a/b.pdf", "a\\b.pdf", "..", ".", ".hidden", "a\0b", ""]
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
    assert {path.name: path.read_bytes() for path in tmp_path.iterdir()} == {"a.pdf": b"old"}


def test_a_file_where_the_folder_should_be_is_a_transport_error(tmp_path):
    (tmp_path / "labels").write_text("no folder")
    with pytest.raises(TransportError, match="cannot be made"):
        transports.connect(f"file:{tmp_path}/labels", timeout_s=1)
