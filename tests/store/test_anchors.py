"""The files in which the audit trail is anchored: what is kept, what is logged, what is damaged."""

from pathlib import Path

import pytest

from labeler.errors import Refusal
from labeler.store import Anchor, AnchorFiles
from labeler.store.anchors import Said, write_line

AT = "2026-11-23T12:00:00.000000Z"


def anchor(seq: int, *, lost_after: int | None = None) -> Anchor:
    return Anchor(seq=seq, hash=f"{seq:064x}", at=AT, lost_after=lost_after)


@pytest.fixture
def files(tmp_path: Path) -> AnchorFiles:
    """Return files of which none is there yet."""
    return AnchorFiles(tmp_path / "data" / "anchors")


def test_anchors_of_a_new_site_are_none(files: AnchorFiles) -> None:
    assert (files.newest(), files.read()) == (None, Said(anchors=(), damaged=()))


def test_the_newest_anchor_is_kept_in_place_of_the_one_before(files: AnchorFiles) -> None:
    for seq in (3, 7, 5):
        files.keep(anchor(seq))
    assert files.newest() == anchor(7)
    assert files.read() == Said(anchors=(anchor(7),), damaged=())


def test_logged_anchors_stay(files: AnchorFiles) -> None:
    files.log(anchor(3))
    files.log(anchor(5))
    files.keep(anchor(7))
    assert files.read() == Said(anchors=(anchor(3), anchor(5), anchor(7)), damaged=())
    assert files.path.read_text() == write_line(anchor(3)) + write_line(anchor(5))


def test_who_goes_on_after_a_loss_anchors_below_what_was_anchored(files: AnchorFiles) -> None:
    files.log(anchor(9))
    files.log(anchor(6, lost_after=5))
    assert files.newest() == anchor(6, lost_after=5)


def test_a_newest_anchor_that_is_gone_or_damaged_leaves_the_log(files: AnchorFiles) -> None:
    files.log(anchor(3))
    files.head.write_text("shopping list\n")
    assert files.newest() == anchor(3)
    assert files.read() == Said(anchors=(anchor(3),), damaged=(0,))
    files.head.unlink()
    assert files.newest() == anchor(3)


def test_a_line_that_was_changed_is_named_and_one_half_written_is_no_line(
    files: AnchorFiles,
) -> None:
    for seq in (3, 5, 7):
        files.log(anchor(seq))
    text = files.path.read_text().replace("seq=5", "seq=6")
    files.path.write_text(text + write_line(anchor(9))[:50])
    assert files.read() == Said(anchors=(anchor(3), anchor(7)), damaged=(2,))
    files.log(anchor(9))
    assert files.read() == Said(anchors=(anchor(3), anchor(7), anchor(9)), damaged=(2,))


def test_anchors_on_a_disk_that_cannot_be_written_are_refused(tmp_path: Path) -> None:
    (tmp_path / "data").write_text("a file, no folder")
    files = AnchorFiles(tmp_path / "data" / "anchors")
    with pytest.raises(Refusal) as caught:
        files.log(anchor(3))
    assert caught.value.kind.number == 9002
    assert caught.value.sentence.startswith(
        f"The anchors of the audit trail, {files.path}, cannot be used: "
    )
