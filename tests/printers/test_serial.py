import os
import select
import time
import tty

import pytest

from printers import transports
from printers.errors import TransportError

pytestmark = pytest.mark.skipif(os.name == "nt", reason="Windows has no pseudo terminals")


@pytest.fixture
def line():
    """The master's file descriptor and the URI of the slave."""
    master, slave = os.openpty()
    tty.setraw(slave)
    yield master, f"serial://{os.ttyname(slave)}?baudrate=115200"
    os.close(slave)
    os.close(master)


def drain(master):
    found = b""
    while select.select([master], [], [], 0.05)[0]:
        found += os.read(master, 65_536)
    return found


def test_a_stalled_line_times_out_with_the_exact_count_and_without_spinning(line):
    master, uri = line
    data = bytes(range(1, 9)) * 12_500
    with transports.connect(uri, timeout_s=1) as connection:
        start, cpu_start = time.monotonic(), time.process_time()
        with pytest.raises(TransportError) as stalled:
            connection.write(data, name="job-1.zpl", timeout_s=0.4)
        assert 0.3 < time.monotonic() - start < 2
        assert time.process_time() - cpu_start < 0.2
        accepted = stalled.value.bytes_written
        assert 0 < accepted < len(data)
        assert drain(master) == data[:accepted]
        connection.write(data[accepted : accepted + 100], name="job-1.zpl", timeout_s=1)
        assert drain(master) == data[accepted : accepted + 100]


def test_a_line_in_use_is_refused(line):
    _, uri = line
    with transports.connect(uri, timeout_s=1), pytest.raises(TransportError) as refused:
        transports.connect(uri, timeout_s=1)
    assert "expected a line that this user may use and nobody else does" in str(refused.value)


def test_a_device_that_is_not_there_is_a_transport_error():
    with pytest.raises(TransportError) as refused:
        transports.connect("serial:///dev/ttyNONE?baudrate=9600", timeout_s=1)
    assert str(refused.value) == (
        "Serial line /dev/ttyNONE cannot be opened: No such file or directory; expected a line "
        "that this user may use and nobody else does; check the cable, the name and the rights."
    )


def test_xon_xoff_stalls_and_resumes(line):
    master, uri = line
    with transports.connect(uri + "&flow=xonxoff", timeout_s=1) as connection:
        os.write(master, b"\x13")
        time.sleep(0.05)
        with pytest.raises(TransportError) as stalled:
            connection.write(b"label" * 10, name="job-1.zpl", timeout_s=0.2)
        assert stalled.value.bytes_written == 0
        os.write(master, b"\x11")
        connection.write(b"label", name="job-1.zpl", timeout_s=1)
        assert drain(master) == b"label"


@pytest.mark.parametrize("flow", ["none", "xonxoff", "rtscts"])
def test_every_flow_control_opens(line, flow):
    _, uri = line
    transports.connect(f"{uri}&flow={flow}", timeout_s=1).close()
