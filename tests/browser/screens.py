"""Every page, by the name of its picture; tests look at each of them, and `make screenshots` draws.

A new page is one line here. Its path may name what `demo.Demo` has: /runs/{open_run}.
"""

import sys
from collections.abc import Iterator
from dataclasses import dataclass
from io import BytesIO
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from PIL import Image
from playwright.sync_api import sync_playwright

from tests.browser import looking
from tests.browser.demo import Demo
from tests.browser.looking import DESK, PHONE, WALL, Wish
from tests.browser.stage import MOMENT, serving_month

FOLDER = Path(__file__).parents[2] / "docs" / "pages"
COLOURS_MAX = 256
SETTLED = """() => {
  const pulse = document.querySelector(".pulse");
  const isSeen = (one) => one.getBoundingClientRect().top < innerHeight;
  const waits = [...document.images].some((one) => isSeen(one) && !one.complete);
  return !waits && (pulse === null || pulse.classList.contains("tone-ok"));
}"""
"""The page has its pictures, and is live where it can be."""


@dataclass(frozen=True, kw_only=True)
class Screen:
    """A page."""

    name: str
    path: str
    role: str = "engineer"
    more: tuple[str, ...] = ()
    """Further pictures of it: dark, phone, wide, german."""
    whole: bool = False
    """The picture goes down to its end."""
    is_refused: bool = False
    """It says why it does not show what was asked for."""

    def at(self, demo: Demo) -> str:
        """Return its path on a site."""
        return self.path.format(**vars(demo))


SCREENS = (
    Screen(name="dashboard", path="/dashboard", role="qa", more=("dark", "phone", "wide")),
    Screen(name="lines", path="/lines", role="operator", more=("dark", "phone")),
    Screen(
        name="line",
        path="/lines/line-1",
        role="operator",
        more=("dark", "phone", "german", "wide"),
    ),
    Screen(name="line-change", path="/lines/line-1?next={planned_run}", role="operator"),
    Screen(name="runs", path="/runs"),
    Screen(name="run", path="/runs/{closed_run}", role="qa", more=("phone",), whole=True),
    Screen(name="run-open", path="/runs/{open_run}"),
    Screen(name="run-signed", path="/runs/{signed_run}", role="qa", whole=True),
    Screen(name="run-hours", path="/runs/{open_run}/hours", role="qa"),
    Screen(name="balance-serials", path="/runs/{closed_run}/balance/commissioned", role="qa"),
    Screen(name="units", path="/units", more=("dark", "phone")),
    Screen(name="unit", path="/units/{serials[0]}", role="qa", more=("dark", "phone"), whole=True),
    Screen(name="verify", path="/verify", role="qa", more=("phone",)),
    Screen(name="verify-right", path="/verify?scan={right_scan}", role="qa", more=("dark",)),
    Screen(name="verify-wrong", path="/verify?scan={wrong_scan}", role="qa", more=("phone",)),
    Screen(name="recalls", path="/recalls", role="qa"),
    Screen(name="recall-new", path="/recalls/new?lots={lot}", role="qa"),
    Screen(name="recall", path="/recalls/{recall}", role="qa"),
    Screen(name="ranges", path="/ranges?run={closed_run}", role="qa"),
    Screen(name="range-serials", path="/ranges/issued?run={closed_run}", role="qa"),
    Screen(name="exports", path="/exports", role="qa"),
    Screen(name="audit", path="/audit", role="qa", more=("german",)),
    Screen(name="doubtful", path="/doubtful", role="operator", more=("phone",)),
    Screen(name="printers", path="/printers"),
    Screen(name="printer", path="/printers/zebra-1", more=("phone",), whole=True),
    Screen(name="line-setup", path="/lines/line-1/setup", whole=True),
    Screen(name="series-list", path="/series"),
    Screen(name="series", path="/series/controller-sn", more=("phone",)),
    Screen(name="pattern", path="/patterns?pattern=AC%7Bdate:%25y%7D%7Bcounter:4,reset=year%7D"),
    Screen(name="templates", path="/templates"),
    Screen(name="template", path="/templates/unit-label", more=("dark", "phone")),
    Screen(name="template-difference", path="/templates/unit-label/difference?old=1"),
    Screen(name="accounts", path="/accounts", role="admin", more=("phone",)),
    Screen(name="keys", path="/keys", role="admin"),
    Screen(name="site", path="/site", role="admin"),
    Screen(name="sign-in", path="/sign-in", role="", more=("dark", "phone")),
    Screen(name="sign-in-badge", path="/sign-in?how=badge", role=""),
    Screen(name="password", path="/password"),
    Screen(name="refusal", path="/runs/9999", more=("german",), is_refused=True),
    Screen(name="refusal-of-role", path="/accounts", role="operator", is_refused=True),
)
_WISHES = {
    "": Wish(),
    "dark": Wish(theme="dark"),
    "phone": Wish(size=PHONE, touch=True),
    "german": Wish(language="de"),
    "wide": Wish(size=WALL),
}


def pictures() -> Iterator[tuple[str, Screen, Wish]]:
    """Yield the name of each picture, what it shows, and how."""
    for screen in SCREENS:
        for kind in ("", *screen.more):
            yield f"{screen.name}-{kind}" if kind else screen.name, screen, _WISHES[kind]


def draw(folder: Path = FOLDER, only: tuple[str, ...] = ()) -> None:
    """Take a picture of every page, 1280 x 800 in English and light, and those of `more`.

    What no screen names is removed. ``only``: names of pictures; the others are left as they are.
    """
    folder.mkdir(parents=True, exist_ok=True)
    wanted = [one for one in pictures() if not only or one[0] in only]
    with TemporaryDirectory() as place, sync_playwright() as playwright:
        browser = looking.start(playwright)
        with serving_month(Path(place) / "site") as demo:
            for name, screen, wish in wanted:
                watched = looking.open_page(browser, demo, screen.role, wish)
                watched.page.clock.set_fixed_time(MOMENT)
                page = watched.go(screen.at(demo))
                page.wait_for_function(SETTLED)
                taken = page.screenshot(full_page=screen.whole, animations="disabled")
                (folder / f"{name}.png").write_bytes(small(taken))
                watched.close()
        browser.close()
    if not only:
        known = {f"{name}.png" for name, _, _ in wanted}
        for path in folder.glob("*.png"):
            if path.name not in known:
                path.unlink()


def small(picture: bytes) -> bytes:
    """Return a picture with the 256 colours that it has most of, for a third of its bytes.

    Plain areas stay as they are to the bit; only the edges of letters come a little nearer to each
    other.
    """
    with Image.open(BytesIO(picture)) as image:
        full = image.convert("RGB")
    found: list[Any] = full.getcolors(full.width * full.height) or []
    most = sorted(found, key=lambda one: (-one[0], one[1]))[:COLOURS_MAX]
    palette = Image.new("P", (1, 1))
    palette.putpalette([part for _, colour in most for part in colour])
    few = full.quantize(palette=palette, dither=Image.Dither.NONE)
    kept = BytesIO()
    few.save(kept, "PNG", optimize=True)
    return kept.getvalue()


__all__ = ["DESK", "SCREENS", "Screen", "draw", "pictures"]

if __name__ == "__main__":
    draw(only=tuple(sys.argv[1:]))
