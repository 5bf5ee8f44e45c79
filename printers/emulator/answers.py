"""What a virtual printer says when it is asked: ~HS, ~HQES, ~HI and Set-Get-Do variables."""

from dataclasses import dataclass

from printers.emulator.press import PressState

ODOMETER = "odometer.total_label_count"
_DOTS_PER_MM = {152: 6, 203: 8, 300: 12, 600: 24}


@dataclass(frozen=True, kw_only=True)
class Profile:
    """What kind of printer it is. ValueError for a resolution that no printer has."""

    model: str = "labeler virtual printer"
    firmware: str = "V1.0"
    dpi: int = 203
    """Dots per inch: 152, 203, 300 or 600."""
    answers_when_blocked: bool = True
    """False: ~HS stays unanswered while media or ribbon is out or the head is open, as Zebra's
    documents say of ~HS. In the field many printers do answer.
    """
    counts_torn: bool = False
    """Whether the odometer counts a label of which only a part came out. No document says."""

    def __post_init__(self) -> None:
        if self.dpi not in _DOTS_PER_MM:
            expected = ", ".join(str(dpi) for dpi in _DOTS_PER_MM)
            raise ValueError(f"A printer of {self.dpi} dpi: expected one of {expected}.")


def identity(profile: Profile) -> bytes:
    """~HI: model, firmware, dots per millimetre, memory."""
    dots = _DOTS_PER_MM[profile.dpi]
    return f"\x02{profile.model},{profile.firmware},{dots},8176KB\x03\r\n".encode()


def host_status(state: PressState, *, is_receiving: bool) -> bytes:
    """~HS: three frames (manual, ~HS "Host Status Return")."""
    stops = state.stops
    return (
        f"\x02030,{'media-out' in stops:d},{'pause' in stops:d},0320,{state.formats:03d},"
        f"{state.is_full:d},0,{is_receiving:d},000,0,0,0\x03\r\n"
        f"\x02000,0,{'head-open' in stops:d},{'ribbon-out' in stops:d},0,2,4,0,"
        f"{state.remaining:08d},1,000\x03\r\n"
        "\x021234,0\x03\r\n"
    ).encode()


def errors(state: PressState) -> bytes:
    """~HQES: the errors as bits."""
    values = {"media-out": 0x1, "ribbon-out": 0x2, "head-open": 0x4, "pause": 0x10000}
    bits = sum(bit for stop, bit in values.items() if stop in state.stops)
    warnings = state.is_media_low * 0x8
    return (
        "\x02\r\n  PRINTER STATUS\r\n"
        f"   ERRORS:         {bool(bits):d} 00000000 {bits:08X}\r\n"
        f"   WARNINGS:       {bool(warnings):d} 00000000 {warnings:08X}\r\n\x03"
    ).encode()


def variable(name: str, *, profile: Profile, state: PressState, label_count: int) -> bytes:
    """Getvar: a value in quotes; "?" for a variable that this printer has not."""
    values = {
        ODOMETER: str(label_count),
        "appl.name": profile.firmware,
        "device.languages": "zpl",
        "device.pause": "on" if "pause" in state.stops else "off",
        "device.product_name": profile.model,
        "head.latch": "open" if "head-open" in state.stops else "ok",
        "head.resolution.in_dpi": str(profile.dpi),
        "media.status": "out" if "media-out" in state.stops else "ok",
    }
    return f'"{values.get(name, "?")}"'.encode()
