"""A network cable that is cut: a network of its own (ip netns, veth), cut by nft."""

import os
import subprocess
import sys
import time
from collections.abc import Iterator

import pytest

from printers import transports
from printers.errors import TransportError
from tests.lacking import lacks

PRINTER = """
import socket, sys
server = socket.create_server(("0.0.0.0", 9100))
print("ready", flush=True)
peer, _ = server.accept()
while True:
    try:
        data = peer.recv(65536)
    except OSError as error:
        data = b""
    print(len(data), flush=True)
    if not data:
        break
"""
CUT = "table inet cut { chain in { type filter hook input priority 0; policy drop; }; }"


class Network:
    """A printer, and the cable between it and this machine."""

    def __init__(self, name: str, address: str) -> None:
        self.name = name
        self.address = address
        self.uri = f"tcp://{address}:9100"

    def run(self, *command: str, inside: bool = True) -> None:
        prefix = ["ip", "netns", "exec", self.name] if inside else []
        done = subprocess.run([*prefix, *command], capture_output=True, text=True, check=False)
        if done.returncode:
            lacks(f"{' '.join(command)} is not possible here: {done.stderr.strip()}")

    def cut(self) -> None:
        self.run("nft", CUT)

    def heal(self) -> None:
        self.run("nft", "delete", "table", "inet", "cut")


@pytest.fixture
def network(needs_debian) -> Iterator[Network]:
    needs_debian("iproute2")
    needs_debian("nftables")
    if os.geteuid() != 0:
        lacks("only root may make a network")
    name = f"cut{os.getpid()}"
    near, far = f"near{os.getpid()}", f"far{os.getpid()}"
    number = os.getpid() % 250 + 1
    here, there = f"198.18.{number}.1", f"198.18.{number}.2"
    one = Network(name, there)
    one.run("ip", "netns", "add", name, inside=False)
    try:
        add = ("ip", "link", "add", near, "type", "veth", "peer", "name", far, "netns", name)
        one.run(*add, inside=False)
        one.run("ip", "address", "add", f"{here}/30", "dev", near, inside=False)
        one.run("ip", "link", "set", near, "up", inside=False)
        one.run("ip", "address", "add", f"{there}/30", "dev", far)
        one.run("ip", "link", "set", far, "up")
        yield one
    finally:
        subprocess.run(["ip", "link", "delete", near], check=False)
        subprocess.run(["ip", "netns", "delete", name], check=False)


@pytest.fixture
def printer(network: Network) -> Iterator[subprocess.Popen[str]]:
    command = ["ip", "netns", "exec", network.name, sys.executable, "-c", PRINTER]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as process:
        assert process.stdout is not None
        assert process.stdout.readline() == "ready\n"
        yield process
        process.kill()


def test_a_cut_cable_takes_a_write_and_fails_within_the_user_timeout_and_nothing_comes_late(
    network, printer
):
    with transports.connect(f"{network.uri}?user_timeout_ms=1000", timeout_s=5) as connection:
        connection.write(b"first label", name="job-1.zpl", timeout_s=5)
        assert printer.stdout.readline() == "11\n"
        network.cut()
        start = time.monotonic()
        connection.write(b"second label", name="job-2.zpl", timeout_s=5)
        with pytest.raises(TransportError) as gone:
            connection.read(timeout_s=15)
        assert time.monotonic() - start < 10
        assert str(gone.value) == (
            f"Printer {network.uri}?user_timeout_ms=1000 is gone: [Errno 110] Connection timed "
            "out; expected an answer; connect again."
        )
        assert gone.value.bytes_acknowledged == 0
        with pytest.raises(TransportError) as refused:
            connection.write(b"third label", name="job-3.zpl", timeout_s=5)
        assert refused.value.bytes_written == 0
    network.heal()
    with pytest.raises(subprocess.TimeoutExpired):
        printer.wait(1.5)
    printer.kill()
    assert printer.stdout.read() == ""


def test_a_cable_cut_in_mid_write_tells_what_left_and_what_arrived(network, printer):
    data = bytes(20_000_000)
    with transports.connect(f"{network.uri}?user_timeout_ms=1000", timeout_s=5) as connection:
        connection.write(data[:100_000], name="job-1.zpl", timeout_s=5)
        network.cut()
        with pytest.raises(TransportError) as gone:
            connection.write(data, name="job-2.zpl", timeout_s=15)
    assert gone.value.bytes_acknowledged == 0
    assert 0 < gone.value.bytes_written < 1_000_000
    assert str(gone.value) == (
        f"Printer {network.uri}?user_timeout_ms=1000 is gone after {gone.value.bytes_written} "
        "bytes of 'job-2.zpl': [Errno 110] Connection timed out; expected an open connection; "
        "connect again."
    )


def test_a_printer_behind_a_cut_cable_is_not_reached_in_time(network, printer):
    network.cut()
    start = time.monotonic()
    with pytest.raises(TransportError, match="timed out") as refused:
        transports.connect(network.uri, timeout_s=0.5)
    assert refused.value.bytes_written == 0
    assert time.monotonic() - start < 5


def test_what_waits_for_a_cut_cable_when_the_connection_is_closed_is_given_up_too(network, printer):
    with transports.connect(f"{network.uri}?user_timeout_ms=1000", timeout_s=5) as connection:
        connection.write(b"first label", name="job-1.zpl", timeout_s=5)
        assert printer.stdout.readline() == "11\n"
        network.cut()
        connection.write(b"second label", name="job-2.zpl", timeout_s=5)
    time.sleep(2.5)  # the system goes on trying without us, until the same limit
    network.heal()
    with pytest.raises(subprocess.TimeoutExpired):
        printer.wait(2)
    printer.kill()
    assert printer.stdout.read() == ""
