"""Further decoders that are not ours: zbar's zbarimg and libdmtx's dmtxread.

Both are programs of their own, since a decoder's fault must not be shared with zxing-cpp's. They
want the fixture ``needs_debian("zbar-tools")`` and ``needs_debian("dmtx-utils")``.
"""

import base64
import io
import subprocess
from xml.etree import ElementTree as ET

from PIL import Image

_NOTHING_FOUND = {"zbarimg": 4, "dmtxread": 1}
"""Exit code that says so; nothing else is an answer."""
_XML = "{http://zbar.sourceforge.net/2008/barcode}"
_SYMBOL = f"{_XML}symbol"
_QR = "QR-Code"


def decode_zbar(image: Image.Image) -> list[tuple[str, bytes]]:
    """Type, such as CODE-128 or QR-Code, and data of every symbol, sorted.

    zbarimg takes bytes of a QR code beyond ASCII for some charset, mostly a wrong one. Its binary
    output keeps them, without a border between symbols: so that is only possible for a single one.
    """
    answer = _run(["zbarimg", "--xml", "--quiet", "--nodbus", "-"], image)
    if not answer:
        return []
    symbols = ET.fromstring(answer).iter(_SYMBOL)  # noqa: S314  written by a program we ran
    found = [(one.get("type", ""), _data(one)) for one in symbols]
    if any(kind == _QR and not data.isascii() for kind, data in found):
        if [kind for kind, _ in found].count(_QR) > 1:
            raise AssertionError("zbarimg cannot tell several QR codes beyond ASCII apart")
        only = ["-Sdisable", "-Sqrcode.enable", "-Sbinary"]
        binary = _run(["zbarimg", "--raw", "--quiet", "--nodbus", *only, "-"], image)
        found = [(kind, binary if kind == _QR else data) for kind, data in found]
    return sorted(found)


def decode_dmtx(image: Image.Image) -> list[tuple[str, bytes]]:
    """Data of the first Data Matrix symbol; FNC1 is the group separator, 1D hex."""
    answer = _run(["dmtxread", "--stop-after=1", "--gs1=29", "-"], image)
    return [("Data Matrix", answer)] if answer else []


def _data(symbol: ET.Element) -> bytes:
    """What it holds; zbarimg writes as base64 what no XML can hold."""
    found = symbol.find(f"{_XML}data")
    assert found is not None
    text = found.text or ""
    return base64.b64decode(text) if found.get("format") == "base64" else text.encode()


def _run(command: list[str], image: Image.Image) -> bytes:
    """What the program prints about a picture that it reads from its input."""
    source = io.BytesIO()
    image.save(source, format="PNG")
    done = subprocess.run(command, input=source.getvalue(), capture_output=True, check=False)
    if done.returncode not in {0, _NOTHING_FOUND[command[0]]}:
        raise AssertionError(f"{command[0]} ended with {done.returncode}: {done.stderr!r}")
    return done.stdout
