"""Which commands of ZPL II a design may hold, and why.

The table is a list of what is allowed: a command that it does not name is refused. Three things
can happen to a command. *keep*: it draws, or it is a setting that this label states and takes
back. *drop*: it is taken out, since the label and the printer's settings decide it, or since
nothing is left for it to do. *refuse*: the design is not used.
"""

from dataclasses import dataclass

from printers.designs.tokens import Token
from printers.errors import Unprintable


@dataclass(frozen=True, kw_only=True)
class Group:
    """Commands that are treated alike, for one reason."""

    names: str
    treatment: str
    """keep, drop or refuse."""
    why: str
    """Goes on after the command's name."""
    instead: str = ""
    """What to do."""


GROUPS = (
    Group(names="^XA ^XZ ^FS", treatment="keep", why="begins or ends a label or a field"),
    Group(
        names="^FO ^FT ^FW ^LH ^FB ^TB ^FP ^FM ^FR ^LR ^A ^CF ^CI ^BY ^MU ^PA",
        treatment="keep",
        why="places a field or says how it looks",
    ),
    Group(
        names="^FD ^FV ^FH ^FN ^FX ^FA ^DF ^XF ^XG ^IM ~DG ~DY",
        treatment="keep",
        why="holds data, which is read here and written anew",
    ),
    Group(names="^GB ^GC ^GD ^GE ^GF ^GS", treatment="keep", why="draws a shape or a picture"),
    Group(
        names="^B0 ^B1 ^B2 ^B3 ^B4 ^B5 ^B7 ^B8 ^B9 ^BA ^BB ^BC ^BD ^BE ^BF ^BI ^BJ ^BK ^BL ^BM "
        "^BO ^BP ^BQ ^BR ^BS ^BT ^BU ^BX ^BZ",
        treatment="keep",
        why="draws a symbol",
    ),
    Group(
        names="^PW ^LL ^ML",
        treatment="drop",
        why="says how large the label is",
        instead="the template's own size holds",
    ),
    Group(
        names="^PO ^PM ^JM",
        treatment="drop",
        why="turns the whole label",
        instead="the template's handling holds, upside_down in it",
    ),
    Group(
        names="^LT ^LS ^XB ~TA",
        treatment="drop",
        why="says where on the stock the label lies",
        instead="the printer's own settings hold",
    ),
    Group(
        names="^MN ^MM ^MT ^MD ^PR ^SP ^CN ~SD ~JS ^JS",
        treatment="drop",
        why="says how stock is moved and printed",
        instead="the template's handling and the printer's settings hold",
    ),
    Group(
        names="^PQ",
        treatment="drop",
        why="says how many labels are printed",
        instead="each unit gets the labels that its trigger asks for",
    ),
    Group(
        names="^CV ^MC",
        treatment="drop",
        why="says what the printer does about its data",
        instead="data are checked before they are sent",
    ),
    Group(
        names="^CC ^CD ^CT ~CC ~CD ~CT",
        treatment="refuse",
        why="changes the characters by which a printer knows its commands",
        instead="export the design with ^, ~ and the comma",
    ),
    Group(
        names="^JU ^JB ^JH ^JI ^JJ ^JT ^JW ^JZ ^KD ^KL ^KN ^KP ^KV ^MA ^MF ^MI ^MP ^MW ^NB ^NC ^ND "
        "^NI ^NN ^NP ^NS ^NT ^NW ^SC ^SE ^SI ^SL ^SO ^SQ ^SR ^SS ^ST ^SX ^SZ ^WA ^WE ^WI ^WL ^WP "
        "^WR ^WS ^WX ^ZZ ^CE ^CM ^CO ^CP ^CW ^FL ^LF ^LV ~KB ~NC ~NR ~NT ~WR",
        treatment="refuse",
        why="changes the printer beyond this label",
        instead="take it out of the file and set the printer up once, by its own tool",
    ),
    Group(
        names="~JA ~JB ~JC ~JD ~JE ~JF ~JG ~JI ~JL ~JN ~JO ~JP ~JQ ~JR ~JX ~PH ~PL ~PM ~PP ~PR ~PS "
        "~RO ^PF ^PH ^PP ^PN ^JA ^PS",
        treatment="refuse",
        why="stops, resets, feeds or cancels, and so acts on labels that are not this one",
        instead="take it out of the file",
    ),
    Group(
        names="~HB ~HD ~HI ~HL ~HM ~HQ ~HR ~HS ~HU ^HF ^HG ^HH ^HL ^HR ^HT ^HV ^HW ^HY ^HZ ^WD ~WC "
        "~WL ~WQ",
        treatment="refuse",
        why="makes the printer answer, and an answer would be taken for one of ours",
        instead="take it out of the file",
    ),
    Group(
        names="^ID ^IS ^IL ^EF ^EG ~EG ^TO ^CB ~DB ~DE ~DN ~DS ~DT ~DU ^DN ^DU",
        treatment="refuse",
        why="stores, deletes or depends on what is in the printer's memory",
        instead="export the design so that its file holds all it draws",
    ),
    Group(
        names="^SN ^SF ^FC ^FE",
        treatment="refuse",
        why="makes the printer count, tell the time or put data together",
        instead="write a placeholder such as {serial} where the value belongs",
    ),
    Group(
        names="^RA ^RB ^RE ^RF ^RI ^RL ^RM ^RN ^RQ ^RR ^RS ^RT ^RU ^RW ^RZ ~RV ^WT ^WV ^WF",
        treatment="refuse",
        why="writes or reads a tag",
        instead="take it out and give the template an rfid element",
    ),
)

_RULES = {name: group for group in GROUPS for name in group.names.split()}

STANDARD_CHARACTERS = {"^CC^", "~CC^", "^CD,", "~CD,", "^CT~", "~CT~"}
"""What printers begin with; ZebraDesigner says it in front of every job."""

_SILENT = {
    "^LT0", "^LT000", "^LS0", "~TA000", "~TA0", "^PON", "^PMN", "^JMA", "~JSN",
    "^PQ1", "^PQ1,0,1,Y",
}  # fmt: skip
"""Dropped without a word: they say what holds anyway."""

_UNLIKE_OURS = {
    "^PM": ("Y", "mirrors the whole label, further elements too"),
    "^JM": ("B", "halves the resolution of the whole label"),
    "^MC": ("N", "leaves this label's drawing in the printer for the next one"),
}
"""Dropped where they say what holds anyway; refused where they do not."""


def treat(token: Token) -> tuple[bool, str | None]:
    """Whether the command is kept, and a note where it is taken out; Unprintable if refused."""
    rule = _RULES.get(token.name)
    if rule is None:
        raise Unprintable(
            f"{token.where}: {token.name} is not known to draw: expected a command that "
            "only draws on this label; take it out of the file, or export the design without it."
        )
    if rule.treatment == "keep":
        return True, None
    whole = f"{token.name}{token.text}"
    unlike, why = _UNLIKE_OURS.get(token.name, ("", rule.why))
    if rule.treatment == "refuse" or (unlike and token.text.upper().startswith(unlike)):
        instead = rule.instead if rule.treatment == "refuse" else "export the design without it"
        raise Unprintable(
            f"{token.where}: {whole[:40]} {why}: expected commands that only draw on this label; "
            f"{instead}."
        )
    if whole.upper() in _SILENT or unlike:
        return False, None
    return False, f"{token.where}: {whole[:40]} {rule.why} and is taken out: {rule.instead}."
