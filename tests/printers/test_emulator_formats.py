"""Formats in the virtual printer: kept until it is switched off, and put together when printed."""

import time

from printers import transports
from printers.device import Device
from printers.emulator import VirtualPrinter
from printers.languages import zpl
from tests.printers.pictures import UNIT, UNIT_VALUES, picture

FORMAT = b"^XA^DFR:A.ZPL^FS^FO1,1^GB9,9,9^FS^FO20,20^A0N,30,30^FN1^FS^FO20,60^A0N,30,30^FN2^FS^XZ"
RECALL = b"^XA^XFR:A.ZPL^FS^FN1^FH^FDAC_5E1^FS^FO9,9^A0N,20,20^FDmore^FS^XZ"
WHOLE = (
    b"^XA^FO1,1^GB9,9,9^FS^FO20,20^A0N,30,30^FH^FDAC_5E1^FS^FO20,60^A0N,30,30^FS"
    b"^FO9,9^A0N,20,20^FDmore^FS^XZ"
)
EMPTY = b"^XA^FO9,9^A0N,20,20^FDmore^FS^XZ"


def printed(printer: VirtualPrinter, data: bytes, *, count: int) -> tuple[bytes, ...]:
    """Send data, and return all labels once there are so many."""
    with transports.connect(f"tcp://127.0.0.1:{printer.port}", timeout_s=2) as connection:
        connection.write(data, name="test", timeout_s=2)
        deadline = time.monotonic() + 5
        while printer.label_count < count and time.monotonic() < deadline:
            time.sleep(0.002)
        assert printer.label_count == count
    return printer.labels


def test_a_stored_format_prints_nothing_and_a_recall_the_whole_label():
    with VirtualPrinter(port=0) as printer:
        assert printed(printer, FORMAT + RECALL, count=1) == (WHOLE,)


def test_a_format_is_kept_for_other_clients_and_replaced_by_one_of_its_name():
    with VirtualPrinter(port=0) as printer:
        printed(printer, FORMAT + RECALL, count=1)
        assert printed(printer, RECALL, count=2)[1] == WHOLE
        other = b"^XA^DFa.zpl^FS^FO2,2^A0N,9,9^FN1^FS^XZ" + RECALL
        assert printed(printer, other, count=3)[2] == (
            b"^XA^FO2,2^A0N,9,9^FH^FDAC_5E1^FS^FO9,9^A0N,20,20^FDmore^FS^XZ"
        )


def test_switched_off_and_on_it_has_forgotten_and_the_label_lacks_its_fields():
    printer = VirtualPrinter(port=0)
    with printer:
        printed(printer, FORMAT + RECALL, count=1)
    with printer:
        assert printed(printer, RECALL, count=2) == (WHOLE, EMPTY)


def test_copies_are_those_of_the_recall():
    with VirtualPrinter(port=0) as printer:
        recall = RECALL.replace(b"^XZ", b"^PQ3^XZ")
        assert (
            printed(printer, FORMAT + recall, count=3) == (WHOLE.replace(b"^XZ", b"^PQ3^XZ"),) * 3
        )


def test_a_kept_label_is_whole_in_its_file(tmp_path):
    compiled = zpl.compile(UNIT, device=Device(dpi=203))
    assert compiled.stored is not None
    with VirtualPrinter(port=0, folder=tmp_path) as printer:
        data = compiled.stored.download + compiled.stored.recall(UNIT_VALUES)
        printed(printer, data, count=1)
    kept = (tmp_path / "label-000001.zpl").read_bytes()
    whole = compiled.render(UNIT_VALUES)
    assert picture("zpl", kept).tobytes() == picture("zpl", whole).tobytes()
