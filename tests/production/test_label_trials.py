"""A run opens only if its later labels can be printed as well as its first one."""

from collections.abc import Iterator
from contextlib import contextmanager
from functools import partial
from pathlib import Path
from typing import Any

import pytest

from labeler.production import issuing, runs
from labeler.production.site import Site
from labeler.store import schema
from tests import plants
from tests.plants import order, trigger
from tests.production import carriers
from tests.production.record import refused, rows

HINT = "Correct the template or the order; nothing was opened."
LATER = "The first label can be printed, a later one may become unprintable: "


@contextmanager
def plant(folder: Path, pattern: str, *elements: dict[str, Any]) -> Iterator[Site]:
    """Open the plant with serials of a pattern, and a label of these elements."""
    path = plants.write_site(folder, series={"controller-sn": {"pattern": pattern}})
    plants.write_template(folder, elements=list(elements))
    with plants.opened(path) as service:
        yield service.site


def text(shown: str, *, width_mm: float) -> dict[str, Any]:
    return {"text": {"x_mm": 4, "y_mm": 3, "size_mm": 4, "width_mm": width_mm, "text": shown}}


def test_a_run_whose_later_serials_are_too_wide_is_refused_when_it_opens(tmp_path: Path) -> None:
    with plant(tmp_path, "{counter:2:alnum}", text("{serial}", width_mm=5.2)) as site:
        assert refused(partial(runs.open_run, site, order(quantity=300))) == (
            4001,
            LATER + "Text '0W' may become 47 dots wide: expected 42 at most; shorten it, or give "
            "it a wider box or a smaller size.",
            HINT,
        )
        assert rows(site, schema.run) == 0


def test_a_run_that_does_not_come_to_the_wide_serials_opens(tmp_path: Path) -> None:
    with plant(tmp_path, "{counter:2:alnum}", text("{serial}", width_mm=5.2)) as site:
        assert runs.open_run(site, order(quantity=9))["quantity"] == 9
        assert issuing.issue_labels(site, trigger("k1", quantity=9)).serials[-1] == "09"
        runs.close_run(site, 1)
        assert refused(partial(runs.open_run, site, order(quantity=40)))[0] == 4001


def test_a_run_of_many_units_is_tried_with_the_widest_of_them(tmp_path: Path) -> None:
    label = text("{serial}", width_mm=14)
    with plant(tmp_path, "{counter:5:alnum}", label) as site:
        number, sentence, _ = refused(partial(runs.open_run, site, order(quantity=2_000_000)))
        assert (number, sentence.split(":")[1]) == (
            4001,
            " Text '0WWWW' may become 133 dots wide",
        )
        assert runs.open_run(site, order(quantity=20))["id"] == 1


def test_the_place_of_the_last_unit_must_have_room(tmp_path: Path) -> None:
    label = text("No {number}", width_mm=12)
    with plant(tmp_path, "{counter:9}", label) as site:
        number, sentence, _ = refused(partial(runs.open_run, site, order(quantity=100_000)))
        assert (number, sentence.startswith(LATER + "Text 'No 100000' may")) == (4001, True)
        assert runs.open_run(site, order(quantity=99))["id"] == 1


def test_a_symbol_that_grows_over_the_edge_is_refused_when_the_run_opens(tmp_path: Path) -> None:
    shown = {"symbology": "code128", "data": "{serial}", "x_dimension_mm": 0.25, "height_mm": 9}
    bars = {"barcode": {"x_mm": 48, "y_mm": 19, **shown}}
    with plant(tmp_path, "{counter:6:alnum}", bars) as site:  # pairs of digits take half the room
        number, sentence, _ = refused(partial(runs.open_run, site, order(quantity=2_000)))
        assert (number, sentence.startswith(LATER + "The code128 symbol of '000")) == (4001, True)
        assert runs.open_run(site, order(quantity=9))["id"] == 1


@pytest.mark.parametrize("quantity", [1, 9])
def test_numbers_by_chance_are_not_judged_by_what_hardly_ever_comes(
    tmp_path: Path, quantity: int
) -> None:
    with plant(tmp_path, "{random:9:alnum}", text("{serial}", width_mm=27)) as site:
        assert runs.open_run(site, order(quantity=quantity))["id"] == 1


def test_later_identifiers_are_tried_as_serials_are(tmp_path: Path) -> None:
    path = carriers.write_site(tmp_path, series={"mac-block": {"pattern": "{counter:2:alnum}"}})
    shown = [text("{identifiers.mac_2}", width_mm=5.2)]
    more = carriers.elements("", "", "{identifiers.unlock} {identifiers.imei}")
    plants.write_template(tmp_path, elements=[*shown, *more[2:]])
    with plants.opened(path) as service:
        number, sentence, _ = refused(partial(runs.open_run, service.site, order(quantity=30)))
        assert (number, sentence.startswith(LATER + "Text '0W' may")) == (4001, True)
        assert runs.open_run(service.site, order(quantity=4))["id"] == 1
