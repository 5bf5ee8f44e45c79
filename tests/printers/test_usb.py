"""USB printers. There is none here: a pseudo terminal stands in for /dev/usb/lp0, see far_ends.py.

It blocks, breaks and is unplugged as one; what only usblp does is not tested.
"""

import os
import time

import pytest

from printers import transports
from printers.errors import TransportError
from printers.transports.usb import UsbConnection
from tests.printers.far_ends import pseudo_terminal


def test_a_device_that_is_not_there_is_a_transport_error():
    with pytest.raises(TransportError) as missing:
        transports.connect("usb:///dev/usb/none", timeout_s=1)
    assert str(missing.value) == (
        "USB printer /dev/usb/none cannot be opened: [Errno 2] No such file or directory: "
        "'/dev/usb/none'; expected a device file that this user may use and nobody else does; "
        "check the cable, the name, the rights (group lp) and whether another program prints "
        "there."
    )


def test_a_printer_that_is_unplugged_is_told_in_write_and_read():
    with pseudo_terminal() as (device, _, _, unplug):
        with transports.connect(f"usb://{device}", timeout_s=1) as connection:
            unplug()
            with pytest.raises(TransportError) as gone:
                connection.write(b"^XA^XZ", name="job-1.zpl", timeout_s=1)
        assert gone.value.bytes_written == 0
        assert str(gone.value) == (
            f"Printer usb://{device} is gone (0 bytes of 'job-1.zpl'): [Errno 5] Input/output "
            "error; expected a connected device; check the cable and open it again."
        )


def test_a_device_that_has_nothing_to_say_though_it_is_readable_is_waited_for_without_spinning(
    tmp_path,
):
    """A pipe without a writer is readable and empty, as a USB printer may be."""
    pipe = tmp_path / "lp0"
    os.mkfifo(pipe)
    with transports.connect(f"usb://{pipe}", timeout_s=1) as connection:
        assert isinstance(connection, UsbConnection)
        # Its own end for writing is open, too; /dev/null is what always reads as empty.
        null = os.open("/dev/null", os.O_RDWR)
        os.dup2(null, connection._number)
        os.close(null)
        start, cpu_start = time.monotonic(), time.thread_time()
        assert connection.read(timeout_s=0.3) == b""
        assert time.monotonic() - start >= 0.3
        assert time.thread_time() - cpu_start < 0.1
