"""The scan box as a scanner uses it: it types fast, ends with Enter, and waits for nobody."""

import io

import pytest
from PIL import Image
from playwright.sync_api import Page, expect

from tests.browser.demo import Demo
from tests.browser.looking import PHONE, PageAs

ANSWER_MAX_MS = 2000
"""Wanted are 100 ms; a busy test machine gets more."""


def scan(page: Page, text: str) -> None:
    """Type like a scanner that is a keyboard: into whatever has the focus."""
    page.keyboard.type(text)
    page.keyboard.press("Enter")


def opened(page_as: PageAs, **wishes: object) -> Page:
    page = page_as("qa", **wishes).go("/verify")
    page.get_by_label("Scan, or type").focus()
    return page


def test_verify_right_label_is_green_and_a_second_time_a_duplicate(
    fresh_site: Demo, page_as: PageAs
) -> None:
    page = opened(page_as)
    serial = fresh_site.serials[0]
    scan(page, serial)
    verdict = page.locator("#verdict")
    expect(verdict).to_have_attribute("data-verdict", "ok")
    expect(verdict).to_contain_text(f"Serial '{serial}' is right")
    expect(page.get_by_label("Scan, or type")).to_be_focused()
    assert int(page.locator("#verified").get_attribute("data-ms") or "0") <= ANSWER_MAX_MS
    scan(page, serial)
    expect(verdict).to_have_attribute("data-alarm", "duplicate")
    expect(verdict).to_contain_text("Duplicate")
    expect(verdict).to_contain_text("was verified already")
    expect(page.locator("#last tbody tr")).to_have_count(2)


def test_verify_misread_label_is_red_and_names_the_nearest(
    fresh_site: Demo, page_as: PageAs
) -> None:
    page = opened(page_as)
    serial = fresh_site.serials[0]
    scan(page, f"{serial[:-1]}{'A' if serial[-1] != 'A' else 'B'}")
    verdict = page.locator("#verdict")
    expect(verdict).to_have_attribute("data-verdict", "misread")
    expect(page.locator("section[aria-labelledby=near]")).to_contain_text(serial)


def test_verify_two_scans_at_once_are_both_answered(fresh_site: Demo, page_as: PageAs) -> None:
    page = opened(page_as)
    for serial in fresh_site.serials[:3]:
        scan(page, serial)
    expect(page.locator("#last tbody tr")).to_have_count(3)
    expect(page.locator("#last")).to_contain_text("Right")


def test_verify_scan_while_the_focus_is_lost_goes_into_the_box(
    fresh_site: Demo, page_as: PageAs
) -> None:
    page = opened(page_as)
    page.get_by_role("heading", level=1).click()
    scan(page, "no serial of ours")
    expect(page.locator("#verdict")).to_have_attribute("data-alarm", "stranger")
    expect(page.locator("#verdict")).to_contain_text("Stranger")


def test_verify_without_a_script_shows_the_verdict_on_the_next_page(
    fresh_site: Demo, page_as: PageAs
) -> None:
    page = page_as("qa", script=False).go("/verify")
    page.get_by_label("Scan, or type").fill(fresh_site.serials[1])
    page.get_by_label("Scan, or type").press("Enter")
    expect(page.locator("#verdict")).to_have_attribute("data-verdict", "ok")


@pytest.mark.parametrize("theme", ["light", "dark"])
def test_verify_red_and_green_can_be_read(fresh_site: Demo, page_as: PageAs, theme: str) -> None:
    watched = page_as("qa", theme=theme, size=PHONE, touch=True)
    page = watched.go("/verify")
    page.get_by_label("Scan, or type").focus()
    for text, word in ((fresh_site.serials[2], "Right"), ("stranger-1", "Stranger")):
        scan(page, text)
        expect(page.locator("#verdict")).to_contain_text(word)
        assert watched.axe() == []


def test_verify_photo_without_a_code_is_refused_in_a_sentence(
    fresh_site: Demo, page_as: PageAs
) -> None:
    watched = page_as("qa", script=False)
    watched.refusals_expected = True
    page = watched.go("/verify")
    picture = io.BytesIO()
    Image.new("L", (200, 100), 255).save(picture, "PNG")
    page.get_by_text("Verify by a photo").click()
    photo = {"name": "label.png", "mimeType": "image/png", "buffer": picture.getvalue()}
    page.locator("#photo").set_input_files(photo)  # type: ignore[arg-type]
    page.get_by_role("button", name="Verify the photo").click()
    expect(page.locator(".refusal")).to_contain_text("No barcode can be read on the photo.")
    assert fresh_site.api.get("/verifications")["verifications"] == []


def test_verify_photo_of_a_label_is_right(fresh_site: Demo, page_as: PageAs) -> None:
    label = fresh_site.api.get(f"/serials/{fresh_site.serials[3]}/labels")["labels"][0]["id"]
    page = page_as("qa").go("/verify")
    content = page.request.get(f"{fresh_site.url}/api/v1/labels/{label}.png").body()
    page.get_by_text("Verify by a photo").click()
    photo = {"name": "label.png", "mimeType": "image/png", "buffer": content}
    page.locator("#photo").set_input_files(photo)  # type: ignore[arg-type]
    page.get_by_role("button", name="Verify the photo").click()
    expect(page.locator("#verdict")).to_have_attribute("data-verdict", "ok")
    expect(page.locator("#verdict")).to_contain_text(fresh_site.serials[3])


CAMERA = """
navigator.mediaDevices.getUserMedia = async () => {
  const image = new Image();
  image.src = "/api/v1/labels/LABEL.png";
  await image.decode();
  const canvas = document.createElement("canvas");
  canvas.width = image.width + 80;
  canvas.height = image.height + 80;
  const pen = canvas.getContext("2d");
  setInterval(() => {
    pen.fillStyle = "white";
    pen.fillRect(0, 0, canvas.width, canvas.height);
    pen.drawImage(image, 40, 40);
  }, 50);
  return canvas.captureStream(20);
};
"""
"""A camera that sees a label: what the browser plays is a real stream of pictures."""


def test_verify_by_camera_reads_the_label_once(fresh_site: Demo, page_as: PageAs) -> None:
    serial = fresh_site.serials[4]
    label = fresh_site.api.get(f"/serials/{serial}/labels")["labels"][0]["id"]
    watched = page_as("qa")
    watched.page.add_init_script(CAMERA.replace("LABEL", str(label)))
    page = watched.go("/verify")
    page.get_by_role("button", name="Camera").click()
    expect(page.locator("#verdict")).to_have_attribute("data-verdict", "ok")
    expect(page.locator("#verdict")).to_contain_text(serial)
    page.wait_for_timeout(1000)  # it looks on, and sees the same label
    assert len(fresh_site.api.get("/verifications")["verifications"]) == 1
    assert watched.axe() == []


def test_verify_without_a_camera_says_so(fresh_site: Demo, page_as: PageAs) -> None:
    watched = page_as("qa")
    watched.page.add_init_script(
        "navigator.mediaDevices.getUserMedia = () => Promise.reject(new Error('none'))"
    )
    page = watched.go("/verify")
    page.get_by_role("button", name="Camera").click()
    expect(page.locator("#camera-said")).to_contain_text("The camera cannot be used")


def test_verify_is_the_only_page_that_may_run_webassembly(site: Demo, page_as: PageAs) -> None:
    page = page_as("qa").go("/runs")
    policies = {
        path: page.request.get(site.url + path).headers["content-security-policy"]
        for path in ("/verify", "/runs", "/units", "/exports")
    }
    assert [path for path, said in policies.items() if "wasm-unsafe-eval" in said] == ["/verify"]
    assert [path for path, said in policies.items() if "'unsafe" in said] == []
