"""LPD against a daemon that takes nothing that RFC 1179 does not say."""

import re
import time

import pytest

from printers import transports
from printers.errors import TransportError
from tests.printers.lpd_server import STEPS, LpdServer


def uri_of(server):
    return f"lpd://127.0.0.1:{server.port}/labels"


def test_a_job_says_who_sent_it_what_it_is_called_and_that_it_is_printed_as_it_is():
    with LpdServer() as server:
        with transports.connect(uri_of(server), timeout_s=2) as connection:
            connection.write(b"^XA^XZ\0", name="job-1 – é\n.zpl", timeout_s=2)
        assert server.documents == [b"^XA^XZ\0"]
        [control] = server.control_files
    found = re.fullmatch(
        r"H([\w-]+)\nPlabeler\nJjob-1 \? \? \.zpl\nldfA(\d{3}[\w-]+)\nUdfA(.*)\n"
        r"Njob-1 \? \? \.zpl\n",
        control,
    )
    assert found
    assert found[2] == found[3]
    assert found[2][3:] == found[1]


def test_jobs_that_follow_one_another_have_names_of_their_own():
    with LpdServer() as server:
        with transports.connect(uri_of(server), timeout_s=2) as connection:
            for _ in range(3):
                connection.write(b"x", name="job-1.zpl", timeout_s=2)
        names = {re.findall(r"ldfA(\d{3})", text)[0] for text in server.control_files}
    assert len(names) == 3


@pytest.mark.parametrize("step", STEPS)
def test_a_step_that_is_refused_tells_whether_the_document_had_left(step):
    with LpdServer(refuse=step) as server:
        with (
            transports.connect(uri_of(server), timeout_s=2) as connection,
            pytest.raises(TransportError) as refused,
        ):
            connection.write(b"label", name="job-1.zpl", timeout_s=2)
        sent = 5 if step == "data file" else 0
        assert refused.value.bytes_written == sent
        assert str(refused.value) == (
            f"Queue {uri_of(server)} did not take 'job-1.zpl', {sent} of 5 bytes sent: it refuses "
            "it with code 1; expected an acknowledgement of every step; see whether the queue "
            "exists, is open and has room."
        )


def test_a_daemon_that_stops_reading_times_out_with_the_exact_count_and_without_spinning():
    data = bytes(range(256)) * 16_000
    with LpdServer(stop_reading_after=1000) as server:
        with transports.connect(uri_of(server), timeout_s=2) as connection:
            cpu_start = time.thread_time()
            with pytest.raises(TransportError) as stalled:
                connection.write(data, name="job-1.zpl", timeout_s=1)
            assert time.thread_time() - cpu_start < 0.2
        written = stalled.value.bytes_written
        assert 0 < written < len(data)
        server.go_on.set()
        deadline = time.monotonic() + 5
        while len(server.taken) < written and time.monotonic() < deadline:
            time.sleep(0.01)
        assert bytes(server.taken) == data[:written]


def test_a_daemon_that_never_acknowledges_leaves_the_document_doubtful():
    with LpdServer(stop_reading_after=5) as server:
        with (
            transports.connect(uri_of(server), timeout_s=2) as connection,
            pytest.raises(TransportError, match="it does not acknowledge it in time") as late,
        ):
            connection.write(b"label", name="job-1.zpl", timeout_s=0.3)
        assert late.value.bytes_written == 5
        server.go_on.set()
