"""Printer addresses: which are meant, and the sentence for those that cannot be."""

import pytest

from printers import transports

GOOD = [
    "tcp://10.0.0.7:9100",
    "tcp://10.0.0.7:9100/",
    "tcp://printer.local",
    "tcp://[::1]:9100",
    "tcp://10.0.0.7?user_timeout_ms=5000",
    "socket://10.0.0.8:4001",
    "rfc2217://10.0.0.8:4001?baudrate=19200&parity=E&flow=dsrdtr",
    "file:labels/",
    "file:/var/labels",
    "file:///var/labels",
    "serial:///dev/ttyUSB0?baudrate=115200&bytesize=7&parity=E&stopbits=2&flow=xonxoff",
    "serial://COM3?baudrate=9600&flow=rtscts",
    "usb:///dev/usb/lp0",
    "usb:/dev/usb/lp0",
    "ipp://10.0.0.9/ipp/print",
    "ipp://line1:secret@10.0.0.9:8631/printers/labels?media=na_index-4x6_4x6in&scaling=fit",
    "ipps://printer.local/ipp/print?ca=/etc/labeler/printer.pem&format=application/pdf",
    "lpd://10.0.0.9/labels",
    "lpd://10.0.0.9:1515/labels%21",
]
BAD = [
    "tcp://",
    "tcp://:9100",
    "tcp://host:0",
    "tcp://host:65536",
    "tcp://host:x",
    "tcp://host:9100/queue",
    "tcp://host:9100?x=1",
    "tcp://host:9100#x",
    "tcp://user@host:9100",
    "tcp://host?user_timeout_ms=0",
    "tcp://host?user_timeout_ms=10s",
    "tcp://host?user_timeout_ms=1000&user_timeout_ms=2000",
    "tcp://[::1",
    "socket://host",
    "rfc2217://host",
    "rfc2217://host:4001?baudrate=fast",
    "rfc2217://host:4001?flow=maybe",
    "file:",
    "file://host/share",
    "serial:",
    "serial:///",
    "serial://ttyUSB0",
    "serial:///dev/ttyUSB0?baud=9600",
    "serial:///dev/ttyUSB0?baudrate=fast",
    "serial:///dev/ttyUSB0?baudrate=0",
    "serial:///dev/ttyUSB0?baudrate=",
    "serial:///dev/ttyUSB0?parity=X",
    "serial:///dev/ttyUSB0?flow=maybe",
    "serial:///dev/ttyUSB0?flow=dsrdtr",
    "usb:",
    "usb:///",
    "usb://host/dev/usb/lp0",
    "usb:lp0",
    "ipp://host",
    "ipp://host/",
    "ipp:///ipp/print",
    "ipp://host/ipp/print?scaling=big",
    "ipp://host/ipp/print?ca=/etc/labeler/printer.pem",
    "ipps://host",
    "lpd://host",
    "lpd://host/a/b",
    "lpd://host/a%20b",
    "lpd://host/caf%C3%A9",
]


@pytest.mark.parametrize("uri", GOOD)
def test_a_good_uri_is_accepted_without_opening_anything(uri):
    transports.check_uri(uri)


@pytest.mark.parametrize("uri", BAD)
def test_a_bad_uri_is_refused_in_one_sentence_that_quotes_it_and_shows_a_good_one(uri):
    with pytest.raises(ValueError, match="expected") as refused:
        transports.check_uri(uri)
    said = str(refused.value)
    assert said.startswith(f"Printer address {transports.shown(uri)!r}")
    assert said.endswith(".")
    assert uri.partition(":")[0] + ":" in said.removeprefix(f"Printer address {uri!r}")
    with pytest.raises(ValueError, match="expected"):
        transports.connect(uri, timeout_s=0.1)


def test_every_scheme_has_a_good_and_a_bad_address_here():
    for uris in (GOOD, BAD):
        assert {uri.partition(":")[0] for uri in uris} == set(transports.schemes())


@pytest.mark.parametrize(
    ("uri", "said"),
    [
        (
            "tcp://host:99999",
            (
                "Printer address 'tcp://host:99999': expected tcp://host:port with a port from 1 "
                "to 65535 and nothing else, for example tcp://10.0.0.7:9100."
            ),
        ),
        (
            "serial:///dev/ttyUSB0?baud=9600",
            (
                "Printer address 'serial:///dev/ttyUSB0?baud=9600' has the parameter 'baud': "
                "expected only baudrate, bytesize, parity, stopbits, flow; remove it, as in "
                "serial:///dev/ttyUSB0?baudrate=9600 or serial://COM3?baudrate=9600."
            ),
        ),
        (
            "rfc2217://host:4001?baudrate=fast",
            (
                "Printer address 'rfc2217://host:4001?baudrate=fast' has baudrate=fast: expected a "
                "whole number from 1 to 4000000, as in "
                "rfc2217://10.0.0.8:4001?baudrate=9600&flow=xonxoff."
            ),
        ),
        (
            "ipp://10.0.0.9",
            (
                "Printer address 'ipp://10.0.0.9': expected ipp://host/path of a printer or queue "
                "and nothing else, for example ipp://10.0.0.9/ipp/print or "
                "ipp://printserver/printers/labels."
            ),
        ),
    ],
)
def test_the_sentence_says_what_was_expected(uri, said):
    with pytest.raises(ValueError, match="expected") as refused:
        transports.check_uri(uri)
    assert str(refused.value) == said


@pytest.mark.parametrize("uri", ["http://printer", "printer", "", "os:", "_raw:x", "TCP://host"])
def test_an_unknown_scheme_is_refused_with_the_known_ones(uri):
    asks = (
        transports.check_uri,
        transports.replies,
        transports.documents,
        transports.rewritable,
    )
    for ask in asks:
        with pytest.raises(ValueError, match="begins with no known scheme") as refused:
            ask(uri)
        assert str(refused.value) == (
            f"Printer address {uri!r} begins with no known scheme: expected one of file:, ipp:, "
            "ipps:, lpd:, rfc2217:, serial:, socket:, tcp:, usb:; for example "
            "tcp://10.0.0.7:9100."
        )


@pytest.mark.parametrize(
    "uri",
    [
        "ipp://line1:s3cret@host",
        "ipp://line1:s3cret@host/ipp/print?x=1",
        "ipp://line1:s3cr@t/s3cret@host/ipp/print?scaling=big",
        "ipp://line1:s3cret@host:99999/ipp/print",
        "ippx://line1:s3cret@host/ipp/print",
        "tcp://line1:s3cret@host",
        "lpd://line1:s3cret@host/labels",
        "serial:///dev/ttyUSB0?password=s3cret",
    ],
)
def test_no_sentence_tells_a_password(uri):
    with pytest.raises(ValueError, match="expected") as refused:
        transports.check_uri(uri)
    assert "***" in str(refused.value)
    assert "s3cret" not in str(refused.value)
