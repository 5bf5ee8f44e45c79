"""What a design may not hold, and how it is told."""

import pytest

from printers import designs
from printers.designs.commands import GROUPS
from printers.errors import Unprintable
from tests.printers.designed import body, content_of, read

NAMED = [name for group in GROUPS for name in group.names.split()]
REFUSED = [
    f"{name}!" for group in GROUPS if group.treatment == "refuse" for name in group.names.split()
]
DANGEROUS = [
    "^JUS", "^JUF", "~JR", "^JZY", "^KN", "^NDN", "^SE", "~DB", "^ID", "^HH", "~HS", "~HI", "~HQES",
    "^SN", "^CC!", "^CD;", "^CT+", "~JA", "^JB", "^ST", "^SX", "~PR", "~JC", "^KP1234", "^SZ2",
    "~RO1", "^EF", "^FC%", "^SF", "^RFW,H", "^HV", "^IS", "^IL", "~DU", "~DYR:A,B,T,9,", "^MFN",
    "^MP", "~WC", "^CWA,E:A.TTF",
]  # fmt: skip


def refusal(source: str | bytes) -> str:
    """The sentence that refuses a design."""
    with pytest.raises(Unprintable) as refused:
        read(source)
    return str(refused.value)


def test_a_command_is_in_one_group_only():
    assert sorted(NAMED) == sorted(set(NAMED))


@pytest.mark.parametrize("command", [*DANGEROUS, *REFUSED, "^QQ", "~QQ", "^ju\nS"])
def test_a_command_that_does_more_than_draw_is_refused_with_its_place(command):
    sentence = refusal(f"^XA\r\n  ^FO9,9^GB9,9,9^FS{command}^FS^XZ")
    assert sentence.startswith("Design 'old.zpl', line 2, column 20: ")
    assert command[:3].upper() in sentence
    assert "expected" in sentence


@pytest.mark.parametrize(
    ("source", "sentence"),
    [
        (
            "^XA^FO9,9^GB9,9,9^FS\n^JUS^XZ",
            ("Design 'old.zpl', line 2, column 1: ^JUS changes the printer beyond this label: "
            "expected commands that only draw on this label; take it out of the file and set the "
            "printer up once, by its own tool."),
        ),
        (
            "^XA^FO9,9^A0N,30,30^FDA^FS~HS^XZ",
            ("Design 'old.zpl', line 1, column 27: ~HS makes the printer answer, and an answer "
            "would be taken for one of ours: expected commands that only draw on this label; take "
            "it out of the file."),
        ),
        (
            "^XA^FO9,9^A0N,30,30^SN001,1,Y^FS^XZ",
            ("Design 'old.zpl', line 1, column 20: ^SN001,1,Y makes the printer count, tell the "
            "time or put data together: expected commands that only draw on this label; write a "
            "placeholder such as {serial} where the value belongs."),
        ),
        (
            "^XA^QQ1^XZ",
            ("Design 'old.zpl', line 1, column 4: ^QQ is not known to draw: expected a command "
            "that only draws on this label; take it out of the file, or export the design without "
            "it."),
        ),
        (
            "~CC!\n^XA^FO9,9^GB9,9,9^FS^XZ",
            ("Design 'old.zpl', line 1, column 1: ~CC! changes the characters by which a printer "
            "knows its commands: expected commands that only draw on this label; export the design "
            "with ^, ~ and the comma."),
        ),
        (
            "^XA^PMY^FO9,9^GB9,9,9^FS^XZ",
            ("Design 'old.zpl', line 1, column 4: ^PMY mirrors the whole label, further elements "
            "too: expected commands that only draw on this label; export the design without it."),
        ),
        (
            "^XA^FO9,9^A0N,30,30^FDA^JA^FS^XZ",
            ("Design 'old.zpl', line 1, column 24: ^JA stops, resets, feeds or cancels, and so "
            "acts on labels that are not this one: expected commands that only draw on this label; "
            "take it out of the file."),
        ),
        (
            "^XA^FO9,9^A0N,30,30^FDA^FO1,1^FS^XZ",
            ("Design 'old.zpl', line 1, column 20: ^FD begins field data, and another command "
            "stands in them: expected ^FS at their end, and ^ and ~ in them as _5E and _7E behind "
            "^FH; correct the file."),
        ),
        (
            "^XA^FO9,9^A0N,30,30^FDA ^ B^FS^XZ",
            ("Design 'old.zpl', line 1, column 25: a ^ or ~ with no command behind it (b' B'): "
            "expected a command; write the character as _5E or _7E behind ^FH."),
        ),
        (
            b"^XA^FO9,9^FDA\x1eXZ^FS^XZ",
            ("Design 'old.zpl', line 1, column 10: control character 0x1E behind ^FD: expected "
            "none, since printers take some for commands; write it as hexadecimal digits behind "
            "^FH, or export the design again."),
        ),
        (
            "",
            ("Design 'old.zpl' holds 0 labels: expected one from ^XA to ^XZ that draws; keep one "
            "in the file, and make others designs of their own."),
        ),
        (
            2 * "^XA^FO9,9^GB9,9,9^FS^XZ",
            ("Design 'old.zpl' holds 2 labels: expected one from ^XA to ^XZ that draws; keep one "
            "in the file, and make others designs of their own."),
        ),
        (
            "^XA^FO9,9^GB9,9,9^FS",
            ("Design 'old.zpl', line 1, column 1: ^XA begins a label, and no ^XZ ends it: expected "
            "one; the file was cut, export the design again."),
        ),
        (
            "^XA^XA^XZ",
            ("Design 'old.zpl', line 1, column 4: ^XA without ^XZ before it: expected labels from "
            "^XA to ^XZ; put ^XZ where it belongs."),
        ),
        (
            "^FO1,1^XA^XZ",
            ("Design 'old.zpl', line 1, column 1: ^FO stands outside of a label: expected it "
            "between ^XA and ^XZ; move it."),
        ),
        (
            '^XA^FO9,9^GB9,9,9^FS^XZ\n! U1 setvar "ip.addr" "10.0.0.1"\n',
            ("Design 'old.zpl', line 1, column 21: '! U1 setvar \"ip.addr\" \"10.0.0.' is "
            "Set-Get-Do, which changes or asks the printer: expected drawing commands only; take "
            "it out of the file."),
        ),
        (
            "^XA^XFE:LABEL.ZPL^FS^XZ",
            ("Design 'old.zpl', line 1, column 4: ^XF recalls E:LABEL.ZPL, which this file does "
            "not bring: expected a ^DF of that name before it, drawing everything itself; export "
            "the design with its stored format."),
        ),
        (
            "^XA^FO9,9^XGE:LOGO.GRF,1,1^FS^XZ",
            ("Design 'old.zpl', line 1, column 10: ^XG shows E:LOGO.GRF, which this file does not "
            "bring: expected a ~DG of that name before it; export the design with its graphics."),
        ),
        (
            "^XA^IDE:LOGO.GRF^FS^XZ",
            ("Design 'old.zpl', line 1, column 4: ^ID deletes E:LOGO.GRF, which this file did not "
            "bring: expected drawing commands only; take it out of the file."),
        ),
        (
            "^XA^FO9,9^GFA,8,8,1,FFFFF^FS^XZ",
            ("Design 'old.zpl', line 1, column 10: ^GF declares 8 bytes and its data are not that "
            "long: expected as many; the file was cut or damaged, export the design again."),
        ),
        (
            "^XA^FO9,9^GFA,2,2,1,:Z64:eJz7/x8AAf8B/w==:0000^FS^XZ",
            ("Design 'old.zpl', line 1, column 10: the picture's check sum is not 0000: expected "
            "the one of its data; it was damaged, export the design again."),
        ),
        (
            "^XA^FO9,9^GFA,2,2^FS^XZ",
            ("Design 'old.zpl', line 1, column 10: ^GF of kind 'A' with 3 parts: expected ^GFA or "
            "^GFB with three numbers and data; export the design again."),
        ),
        (
            "^XA^FO9,9^GFA,8,8,3,FF^FS^XZ",
            ("Design 'old.zpl', line 1, column 10: ^GF says b'8' bytes in rows of b'3': expected "
            "whole rows and 2097152 bytes at most; export the design again."),
        ),
        (
            "^XA^FO9,9^GFA,8,8,1,F?^FS^XZ",
            ("Design 'old.zpl', line 1, column 10: the data of ^GF hold '?': expected hexadecimal "
            "digits and the letters that shorten them; export the design again."),
        ),
        (
            "^XA^FO9,9^GFA,2,2,1,:Z64:AAAA:0000^FS^XZ",
            ("Design 'old.zpl', line 1, column 10: the picture's check sum is not 0000: expected "
            "the one of its data; it was damaged, export the design again."),
        ),
        (
            "~DYE:A,A,T,8,,FF",
            ("Design 'old.zpl', line 1, column 1: ~DY brings no picture as hexadecimal digits: "
            "expected one; fonts and other files must already be in the printer, and pictures be "
            "~DG or ^GFA."),
        ),
        (
            "~DGA.B.C,8,1,FF",
            ("Design 'old.zpl', line 1, column 1: ~DG names the object 'A.B.C': expected a name "
            "like R:LOGO.GRF; export the design again."),
        ),
        (
            "~DGA,1,1,FF^XA^FO9,9^XGA,11,1^FS^XZ",
            ("Design 'old.zpl', line 1, column 21: ^XG enlarges by '11' x '1': expected 1 to 10 "
            "each; export the design again."),
        ),
        (
            "^XA^FO9,9^FN^FS^XZ",
            ("Design 'old.zpl', line 1, column 10: ^FN: expected the number of a field; export the "
            "design again."),
        ),
        (
            "^XA^FO9,9^FDA^XZ",
            ("Design 'old.zpl', line 1, column 10: ^FD begins field data, and another command "
            "stands in them: expected ^FS at their end, and ^ and ~ in them as _5E and _7E behind "
            "^FH; correct the file."),
        ),
        (
            "^XA^FO9,9^BXN,5,140^FD{serial}^FS^XZ",
            ("Design 'old.zpl', line 1, column 20: ^BXN,5,140 takes a value and is not of quality "
            "200: expected 200, the Data Matrix of ISO/IEC 16022; choose it in the design."),
        ),
        (
            "^XA^FO9,9^DFA^FS^XZ",
            ("Design 'old.zpl', line 1, column 10: ^DF stores a format and is not the first "
            "command of its label: expected ^XA^DF; move it."),
        ),
        (
            "^XA^PW8\u00e9^FO9,9^GB9,9,9^FS^XZ".encode(),
            ("Design 'old.zpl', line 1, column 4: ^PW has parameters b'8\\xc3\\xa9': expected "
            "ASCII; export the design again."),
        ),
        (
            "^XA^FO9,9^FD\ue000^FS^XZ".encode(),
            ("Design 'old.zpl', line 1, column 10: field data b'\\xee\\x80\\x80' with no ^CI "
            "before them: expected bytes that are ascii ('ascii' codec can't decode byte 0xee in "
            "position 0: ordinal not in range(128)); put the right ^CI before them, or export in "
            "UTF-8."),
        ),
        (
            "^XA^CI28^FO9,9^FD\ue000^FS^XZ".encode(),
            ("Design 'old.zpl', line 1, column 15: its data hold a character of private use, "
            "U+E000 or U+E001: expected none; remove it."),
        ),
        (
            "^XA^FO9,9^GFC,2,2,1,AB^FS^XZ",
            ("Design 'old.zpl', line 1, column 10: ^GF brings binary data in a form that only "
            "printers read: expected hexadecimal digits; export graphics as ASCII (~DG or ^GFA)."),
        ),
        (
            "^XA^FO9,9^BQN,2,5^FD{serial}^FS^XZ",
            ("Design 'old.zpl', line 1, column 18: The data of ^BQ begin with '': expected level "
            "and mode such as 'QA,' before them, or the printer takes the first characters for it "
            "and loses them; write QA, in front."),
        ),
        (
            "^XA^FO9,9^BQN,2,5^FDHELLO^FS^XZ",
            ("Design 'old.zpl', line 1, column 18: The data of ^BQ begin with 'HELLO': expected "
            "level and mode such as 'QA,' before them, or the printer takes the first characters "
            "for it and loses them; write QA, in front."),
        ),
        (
            "^XA^FO9,9^BXN,5,200^FDA_1{serial}^FS^XZ",
            ("Design 'old.zpl', line 1, column 20: The data of ^BXN,5,200 hold _ or ~, and it "
            "does not state its escape character: expected one as its seventh parameter, since "
            "firmware differs; write ^BXN,h,200,,,,_ and export again."),
        ),
        (
            "^XA^FO9,9^BCN,80^FDA>{serial}^FS^XZ",
            ("Design 'old.zpl', line 1, column 17: The data of ^BC are 'A>': expected each > to "
            "begin one of the codes >0 to >9 >: >; >< >=; write > itself as >0."),
        ),
        (
            "^XA^FO9,9^A0N,30,30^FDa { b^FS^XZ",
            ("Design 'old.zpl', line 1, column 20: a single '{' at position 3 of its data: "
            "expected a placeholder such as {serial}; write '{{' for the character itself."),
        ),
        (
            b"^XA^FO9,9^A0N,30,30^FDM\xfcller^FS^XZ",
            ("Design 'old.zpl', line 1, column 20: field data b'M\\xfcller' with no ^CI before "
            "them: expected bytes that are ascii ('ascii' codec can't decode byte 0xfc in position "
            "1: ordinal not in range(128)); put the right ^CI before them, or export in UTF-8."),
        ),
        (
            "^XA^CI2^FO9,9^A0N,30,30^FD#1^FS^XZ",
            ("Design 'old.zpl', line 1, column 24: field data '#1' under ^CI2, which prints a "
            "national character for '#': expected text without it; export in UTF-8 (^CI28)."),
        ),
        (
            "^XA^CI0,21,36^FO9,9^A0N,30,30^FD1^FS^XZ",
            ("Design 'old.zpl', line 1, column 4: ^CI0,21,36 makes characters of other bytes: "
            "expected ^CI0 to ^CI13, ^CI27 or ^CI28 alone; export the design in UTF-8 (^CI28)."),
        ),
        (
            "^XA^FO9,9^A0N,30,30^FH\\^FDC:\\temp^FS^XZ",
            ("Design 'old.zpl', line 1, column 24: '\\\\' begins a hexadecimal escape (^FH), and "
            "b'te' stands behind it: expected two hexadecimal digits; write the character itself "
            "as \\5C."),
        ),
        (
            "^XA^FO9,9^GS,50,50^FD{serial}^FS^XZ",
            ("Design 'old.zpl', line 1, column 19: ^GS draws a sign that a letter chooses: "
            "expected no placeholder in its data; take it out of the design."),
        ),
        (
            b"\xff\xfe^\x00X\x00A\x00",
            ("Design 'old.zpl' is UTF-16: expected UTF-8 or a single-byte encoding; save it as "
            "UTF-8."),
        ),
    ],
)  # fmt: skip
def test_a_design_is_refused_in_a_sentence(source, sentence):
    assert refusal(source) == sentence


def test_a_field_that_the_design_does_not_have_is_refused():
    with pytest.raises(Unprintable) as refused:
        read('^XA^FO9,9^A0N,30,30^FN1"Lot"^FS^XZ', fn2="{serial}")
    assert str(refused.value) == (
        "Design 'old.zpl' has no field '2': expected one of 1, Lot; correct the key under fields."
    )


def test_what_the_caller_refuses_gets_its_place():
    def content(text):
        raise Unprintable(f"{text} is not known: expected serial; correct it.")

    with pytest.raises(Unprintable) as refused:
        designs.read(b"^XA\n^FO9,9^FD{seril}^FS^XZ", name="old.zpl", content_of=content)
    assert str(refused.value) == (
        "Design 'old.zpl', line 2, column 7: {seril} is not known: expected serial; correct it."
    )


@pytest.mark.parametrize(
    ("source", "text"),
    [
        ("^CI28^FO9,9^FDM\u00fcnchen^FS".encode(), "M_C3_BCnchen"),
        ("^CI27^FO9,9^FDM\u00fcnchen \u20ac^FS".encode("cp1252"), "M_C3_BCnchen _E2_82_AC"),
        ("^CI13^FO9,9^FDM\u00fcnchen^FS".encode("cp850"), "M_C3_BCnchen"),
        (b"^CI0^FO9,9^FH\\^FDM\\81nchen \\5E^FS", "M_C3_BCnchen _5E"),
        (b"^CI27^FO9,9^FH\\^CI28^FDM\\C3\\BCnchen^FS", "M_C3_BCnchen"),
        (b"^FO9,9^FH^FDA_5FB^FS", "A_5FB"),
        (b"^FO9,9^FDA_5FB^FS", "A_5F5FB"),
        (b"^FO9,9^FDA\r\nB^FS", "AB"),
        (b"^FO9,9^FD{{A}}^FS", "{A}"),
        (b"^fo9,9^fdA^fs", "A"),
        (b"^FO9,9^FVA^FS^FXa comment^FS", "A"),
    ],
)
def test_the_text_of_a_design_is_what_its_character_set_says(source, text):
    assert f"^FO9,9^FH^FD{text}^FS" in body(read(b"^XA" + source + b"^XZ"))


@pytest.mark.parametrize("text", ["M\u00fcnchen", "\u20ac"])
def test_a_file_with_the_mark_of_utf_8_is_utf_8(text):
    for number in ("", "^CI27", "^CI28"):
        data = f"\ufeff^XA{number}^FO9,9^FD{text}^FS^XZ".encode()
        design = designs.read(data, name="old.zpl", content_of=content_of)
        assert body(design) == body(read(f"^XA^CI28^FO9,9^FD{text}^FS^XZ".encode()))
