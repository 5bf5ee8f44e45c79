"""A photo of a label -> what a scanner would have read from it (docs/decisions/0044)."""

import io
import warnings

from labeler.errors import NO_CODE, NO_PHOTO, SEVERAL_CODES, Refusal
from labeler.production import carrying, meanings
from labeler.production.site import Site

PHOTO_MAX_BYTES = 16 * 1024 * 1024
"""Longest photo that is taken."""
PIXELS_MAX = 50_000_000
"""Most pixels of a photo: a small file may unfold to a picture that fills the memory."""
TEXT_MAX = 200
"""Longest text of a code, as of a scan."""


def scanned(site: Site, photo: bytes) -> str:
    """Return the text of the code on a photo that says which unit it is.

    A label may have several codes: that of an issued unit is meant, else the first one. Refuses
    (6002) what is no PNG or JPEG, or too many pixels, (6001) a photo on which no code can be read,
    and (6003) one with codes of several units.
    """
    texts = [text for text in codes(photo) if len(text) <= TEXT_MAX]
    if not texts:
        raise Refusal(
            NO_CODE,
            "No barcode can be read on the photo.",
            hint="Go nearer, hold still, avoid glare; or send what a scanner reads as text.",
        )
    with site.store.read() as transaction:
        known = meanings.known_series(site, transaction)
        units: dict[tuple[str, int], str] = {}
        for text in texts:
            readings = [one.text for one in meanings.options(text, known)]
            found = carrying.units_with(transaction, readings)
            found = found or [one.unit for one in carrying.carried(transaction, readings)]
            units.update({(one.serial, one.run): text for one in found[:1]})
    if len(units) > 1:
        listed = " and ".join(sorted(f"'{serial}'" for serial, _ in units))
        raise Refusal(
            SEVERAL_CODES,
            f"The photo shows labels of {len(units)} units: {listed}.",
            hint="Photograph one label at a time.",
        )
    return next(iter(units.values()), texts[0])


def codes(photo: bytes) -> list[str]:
    """Return what stands in each code on a photo, the symbology identifier in front.

    Refuses (6002) what is no PNG or JPEG, or has too many pixels.
    """
    import zxingcpp  # these take long to load, and few requests are photos
    from PIL import Image, UnidentifiedImageError

    try:
        with warnings.catch_warnings():
            warnings.simplefilter("error", Image.DecompressionBombWarning)
            with Image.open(io.BytesIO(photo), formats=("PNG", "JPEG")) as opened:
                width, height = opened.size
                if width * height > PIXELS_MAX:
                    raise _no_photo(f"{width} x {height} pixels: expected {PIXELS_MAX:,} at most")
                image = opened.convert("L")
    except (Image.DecompressionBombError, Image.DecompressionBombWarning) as error:
        raise _no_photo(f"too many pixels: expected {PIXELS_MAX:,} at most") from error
    except (UnidentifiedImageError, OSError, SyntaxError, ValueError) as error:
        raise _no_photo("expected a whole PNG or JPEG picture") from error
    found = zxingcpp.read_barcodes(image, text_mode=zxingcpp.TextMode.Plain)
    texts = [one.symbology_identifier + one.text for one in found if one.text]
    return list(dict.fromkeys(texts))


def _no_photo(said: str) -> Refusal:
    return Refusal(NO_PHOTO, f"The photo cannot be opened: {said}.", hint="Send another photo.")
