"""The engineer's template pages: written beside its picture, saved, released, and then printed."""

import base64
import io
import re
from pathlib import Path

import zxingcpp
from PIL import Image
from playwright.sync_api import FilePayload, Page, expect

from tests.browser.demo import Demo
from tests.browser.looking import PageAs
from tests.e2e import harness

DESIGN = b"^XA^FO40,40^A0N,40,40^FDAxis {serial}^FS^XZ"


def codes(page: Page) -> list[str]:
    """Return what scans on the picture of the label that a page shows."""
    address = page.locator("#look image").get_attribute("href") or ""
    picture = Image.open(io.BytesIO(base64.b64decode(address.partition(",")[2]))).convert("L")
    return sorted(one.text for one in zxingcpp.read_barcodes(picture))


def printed(folder: Path) -> list[tuple[str, str]]:
    """Return what scans on the last label that came out of the virtual printer of a site."""
    labels = sorted((folder / "data/virtual/zebra-1").glob("label-*.zpl"))
    return harness.scan_zpl(labels[-1].read_bytes())


def test_template_edited_and_released_is_what_the_next_run_prints(
    fresh_site: Demo, page_as: PageAs, tmp_path: Path
) -> None:
    page = page_as().go("/templates/unit-label")
    editor = page.get_by_label("The template as YAML")
    before = codes(page)
    with page.expect_response(re.compile("/look$")):
        text = editor.input_value()
        editor.fill(text.replace('qr, data: "{serial}"', 'qr, data: "X/{serial}"'))
    expect(page.get_by_text("Nothing was found")).to_be_visible()
    assert codes(page) == [before[0], f"X/{before[0]}"]
    page.get_by_role("button", name="Save").click()
    expect(page.locator("#notices")).to_contain_text("Saved.")
    expect(page.get_by_text("Draft differs")).to_be_visible()
    page.get_by_role("button", name="Release").click()
    page.get_by_label("Reason").fill("code with a prefix, as QA asked")
    page.locator("#release").get_by_role("button", name="Release").click()
    expect(page.locator("#notices")).to_contain_text("Version 2 is released.")
    expect(page.get_by_role("cell", name="code with a prefix, as QA asked")).to_be_visible()

    fresh_site.api.post(f"/runs/{fresh_site.open_run}/close", {"operator": "mk"})
    fresh_site.api.open_run(3, lot="L44")
    [serial] = fresh_site.api.issue("third", 1)["serials"]
    fresh_site.api.wait_until_settled()
    assert printed(tmp_path / "site") == [("Code 128", serial), ("QR Code", f"X/{serial}")]

    page.get_by_role("button", name="Test print").click()
    page.get_by_label("Printer").select_option("zebra-1")
    page.locator("#sample").get_by_role("button", name="Test print").click()
    expect(page.locator("#notices")).to_contain_text("Printed: the printer's counter says so.")
    following = f"TEST-{codes(page)[0]}"
    found = [("Code 128", following), ("QR Code", f"X/{following}")]
    assert printed(tmp_path / "site") == found


def test_template_changed_by_somebody_else_is_not_overwritten(
    fresh_site: Demo, page_as: PageAs, tmp_path: Path
) -> None:
    watched = page_as()
    watched.refusals_expected = True
    page = watched.go("/templates/unit-label")
    file = tmp_path / "site/templates/unit-label.yaml"
    theirs = file.read_text(encoding="utf-8").replace("size_mm: 3.8", "size_mm: 3.5")
    file.write_text(theirs, encoding="utf-8")
    page.get_by_label("The template as YAML").fill("label: unit-label")
    page.get_by_role("button", name="Save").click()
    expect(page.locator(".refusal")).to_contain_text("was changed by somebody else meanwhile")
    expect(page.locator(".refusal")).to_contain_text("4009")
    assert file.read_text(encoding="utf-8") == theirs
    page.goto(f"{fresh_site.url}/templates/unit-label/difference")
    expect(page.locator(".difference .added")).to_contain_text("size_mm: 3.5")
    address = page.locator(".wide-picture img").get_attribute("src") or ""
    shown = page.request.get(fresh_site.url + address)
    assert (shown.status, shown.headers["content-type"]) == (200, "image/png")

    page.goto(f"{fresh_site.url}/templates")
    page.get_by_role("button", name="New template").click()
    page.get_by_label("Name").fill("old-unit")
    page.get_by_label("Or with an existing design in ZPL").set_input_files(
        FilePayload(name="Old.prn", mimeType="application/octet-stream", buffer=DESIGN)
    )
    page.get_by_role("button", name="Make").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("old-unit")
    assert (tmp_path / "site/templates/old-unit.prn").read_bytes() == DESIGN


def test_template_with_a_fault_is_marked_at_its_line_and_in_the_picture(
    site: Demo, page_as: PageAs
) -> None:
    watched = page_as()
    page = watched.go("/templates/unit-label")
    editor = page.get_by_label("The template as YAML")
    with page.expect_response(re.compile("/look$")):
        editor.fill(editor.input_value().replace("x_mm: 58, y_mm: 20", "x_mm: 58, y_mm: 11"))
    expect(page.locator("#look rect.found")).not_to_have_count(0)
    expect(page.locator(".code pre span.error, .code pre span.warning").first).to_be_visible()
    page.locator("#findings").get_by_role("button", name="Line 15").first.click()
    chosen = editor.evaluate("box => box.value.slice(box.selectionStart, box.selectionEnd)")
    assert "symbology: qr" in chosen
    assert watched.axe() == []
    with page.expect_response(re.compile("/look$")):
        editor.fill("label: unit-label\nmedia: {width_mm")
    expect(page.locator("#findings li")).to_have_count(1)


def test_template_without_a_script_is_looked_at_by_a_button(site: Demo, page_as: PageAs) -> None:
    page = page_as(script=False).go("/templates/unit-label")
    page.get_by_label("Values").select_option("unit")
    page.get_by_label("Serial number of the unit").fill(site.serials[0])
    page.get_by_role("button", name="Look").click()
    assert codes(page) == [site.serials[0], site.serials[0]]
