"""Drafts that are saved by a page: whole, or not at all."""

from pathlib import Path

import pytest

from labeler.errors import Refusal
from labeler.production import template_drafts, template_editing
from labeler.production.template_releases import Statement
from tests import plants

BY = Statement(by="mk", channel="http")


def refused(error: pytest.ExceptionInfo[Refusal]) -> tuple[int, str]:
    return error.value.kind.number, error.value.sentence


def test_saved_draft_is_the_file_and_stands_in_the_trail(tmp_path: Path) -> None:
    with plants.opened(plants.write_site(tmp_path)) as service:
        site = service.site
        draft = template_drafts.require(site, "unit-label")
        began = template_editing.digest(draft.content)
        text = draft.content.replace("SN {serial}", "No {serial}")
        saved = template_editing.save(
            site, "unit-label", text.replace("\n", "\r\n"), began=began, said=BY
        )
        assert saved.content == text
        assert (tmp_path / "templates/unit-label.yaml").read_text(encoding="utf-8") == text
        assert sorted(path.name for path in (tmp_path / "templates").iterdir()) == [
            "unit-label.yaml"
        ]
        rows = service.web.test_client().get("/api/v1/audit?kind=template_saved").get_json()
        assert [(one["who"], one["of"], one["old"]) for one in rows["audit"]] == [
            ("mk", "template unit-label", began[:12])
        ]


def test_draft_that_somebody_else_changed_is_not_overwritten(tmp_path: Path) -> None:
    with plants.opened(plants.write_site(tmp_path)) as service:
        file = tmp_path / "templates/unit-label.yaml"
        began = template_editing.digest(file.read_text(encoding="utf-8"))
        file.write_text("label: unit-label\n", encoding="utf-8")
        with pytest.raises(Refusal) as error:
            template_editing.save(service.site, "unit-label", "x", began=began, said=BY)
        assert refused(error) == (
            4009,
            "The file of template 'unit-label' was changed by somebody else meanwhile.",
        )
        assert file.read_text(encoding="utf-8") == "label: unit-label\n"


def test_new_template_is_a_copy_or_goes_around_a_design(tmp_path: Path) -> None:
    with plants.opened(plants.write_site(tmp_path)) as service:
        site, folder = service.site, tmp_path / "templates"
        template_editing.begin(site, "crate", source="unit-label", said=BY)
        assert (folder / "crate.yaml").read_text(encoding="utf-8").startswith("label: crate\n")
        template_editing.bring(site, "old", b"^XA^FO9,9^FDa^FS^XZ", file="Old.ZPL", said=BY)
        assert (folder / "old.zpl").read_bytes() == b"^XA^FO9,9^FDa^FS^XZ"
        with pytest.raises(Refusal) as error:
            template_editing.begin(site, "crate", source="unit-label", said=BY)
        assert refused(error) == (1002, "Template 'crate' exists already.")
        with pytest.raises(Refusal) as error:
            template_editing.begin(site, "../crate", source="unit-label", said=BY)
        assert refused(error)[0] == 1002
        with pytest.raises(Refusal) as error:
            template_editing.bring(site, "new", b"^XA^XZ", file="../new.zpl", said=BY)
        assert refused(error)[0] == 1002
