"""Further engines and decoders: each of another maker, each where it is known to be right."""

import pytest

from tests.printers.pictures import picture
from tests.printers.proof import expecting, labels
from tests.printers.proof.seeing import (
    device,
    is_drawn_alike,
    picture_js,
    read,
    second_readings,
)

STEADY = {"product.code": "HP-A", "run.lot": "LOT", "serial": "AC-B"}
"""Values that need no change to code set C, with which the second engine is at fault."""
QUANTITY = {"automotive-label": "9", "logistics-label": "48", "pallet-label": "48"}
UNTRUSTED = {"carton-label", "electronics-label", "every-symbology"}
"""Their identifiers are digits, or they hold what that engine does not draw."""


def readings(name: str, texts: dict[str, str]) -> list[tuple[str, bytes]]:
    """What decoders other than zxing-cpp should read: FNC1 as GS, where they tell it."""
    found = []
    for barcode in expecting.barcodes(labels.content(name)):
        symbology = barcode["symbology"]
        is_unread = symbology in {"aztec", "pdf417", "upca"}
        if is_unread or not expecting.is_shown(barcode, texts):
            continue
        one = dict(barcode)
        _, data, _ = expecting.read(one, texts)
        if symbology == "gs1_datamatrix":
            data = b"\x1d" + data
        found.append((symbology, data))
    return sorted(found)


@pytest.mark.parametrize("dpi", [203, 300])
@pytest.mark.parametrize("name", labels.NAMES)
def test_other_decoders_read_the_printed_sample(name, dpi, needs_debian):
    needs_debian("zbar-tools")
    needs_debian("dmtx-utils")
    texts = dict(labels.harmless(name))
    given, one = device(dpi, texts), labels.filled(name, texts)
    seen = picture("zpl", one.render("zpl", given), dpi=dpi)
    assert second_readings(one, seen, given) == readings(name, texts)


@pytest.mark.parametrize("value", ["^XZ", "~JA", "_5E", ">;>8", "\\&", "9912345", "A9999B", "0007"])
def test_other_decoders_read_a_nasty_value(value, needs_debian):
    needs_debian("zbar-tools")
    needs_debian("dmtx-utils")
    given = device(203, value)
    for name in ("automotive-label", "every-symbology"):
        texts = labels.stuffed(name, value, given)
        one = labels.filled(name, texts)
        seen = picture("zpl", one.render("zpl", given))
        assert second_readings(one, seen, given) == readings(name, texts)


@pytest.mark.parametrize("dpi", [203, 300])
@pytest.mark.parametrize("name", [name for name in labels.NAMES if name not in UNTRUSTED])
def test_the_other_engine_draws_every_symbol_of_a_sample(name, dpi):
    texts = {**labels.harmless(name), **STEADY}
    if name in QUANTITY:
        texts["run.quantity"] = QUANTITY[name]
    if name in {"logistics-label", "pallet-label"}:
        texts["serial"] = labels.harmless(name)["serial"]
    given = device(dpi, texts)
    document = labels.filled(name, texts).render("zpl", given)
    assert is_drawn_alike(document)
    form_size = picture("zpl", document, dpi=dpi).size
    seen = picture_js(document, size=form_size, dpi=dpi)
    assert read(seen) == expecting.symbols(labels.content(name), texts)


@pytest.mark.parametrize(
    "value", ["_5E", "\\&", "A~B", "^FS^XZ", "日本語", "é ß", "🔧", "\x1b\x1d"]
)
@pytest.mark.parametrize("name", ["asset-tag", "tiny-label"])
def test_the_other_engine_draws_the_symbol_of_a_nasty_value(name, value):
    given = device(203, value)
    texts = labels.stuffed(name, value, given)
    document = labels.filled(name, texts).render("zpl", given)
    if not is_drawn_alike(document):
        assert (name, value) == ("tiny-label", "_5E")
        return
    seen = picture_js(document, size=picture("zpl", document).size, dpi=203)
    assert read(seen) == expecting.symbols(labels.content(name), texts)
