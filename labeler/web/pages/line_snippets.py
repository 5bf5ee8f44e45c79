"""What people copy into a shell, a PLC or Node-RED to ask a line for a label."""

import json
from dataclasses import dataclass
from shlex import quote
from typing import Any, NamedTuple

from labeler.web.texts import gettext, later

STRING = 80
"""Characters of a string whose length nobody chose (IEC 61131-3)."""


@dataclass(frozen=True, kw_only=True)
class Asked:
    """Where a trigger goes."""

    base: str
    """The address of this service, as whoever looks at the page reached it."""
    line: str
    prints: bool
    string_length: int
    """Characters that a string of the line's PLC takes."""

    @property
    def url(self) -> str:
        """The door of the line's triggers."""
        return f"{self.base}/api/v1/lines/{self.line}/labels"


class Snippet(NamedTuple):
    """Something to copy."""

    name: str
    title: str
    text: str


def every(asked: Asked) -> list[Snippet]:
    """Return all of them."""
    return [
        Snippet("curl", gettext(later("Shell (curl)")), curl(asked)),
        Snippet("st", gettext(later("Structured text (IEC 61131-3)")), structured_text(asked)),
        Snippet("node-red", gettext(later("Node-RED (import it)")), node_red(asked)),
    ]


def _body(asked: Asked) -> str:
    return '{"quantity": 1}' if asked.prints else '{"quantity": 1, "print": false}'


def curl(asked: Asked) -> str:
    r"""Return a command that asks for one label.

    >>> asked = Asked(base="http://plant:8080", line="line-1", prints=True, string_length=80)
    >>> curl(asked).splitlines()[0]
    'curl -sS -X POST http://plant:8080/api/v1/lines/line-1/labels \\'
    """
    return (
        f"curl -sS -X POST {quote(asked.url)} \\\n"
        "  -H 'Content-Type: application/json' \\\n"
        '  -H "Authorization: Bearer ${KEY:?an admin makes one: labeler key make}" \\\n'
        f"  -H 'Idempotency-Key: {asked.line}-000001' \\\n"
        f"  -d '{_body(asked)}'\n"
    )


def structured_text(asked: Asked) -> str:
    """Return a state machine for a PLC; only the block that sends HTTP is its maker's own."""
    return _ST.format(
        url=asked.url.replace("'", "$'"),
        line=asked.line,
        body=_body(asked),
        string=f"STRING({asked.string_length});".ljust(26),
    )


_ST = """\
(* Asks labeler for one serial and its label. HttpPost stands for your controller's own block
   (TwinCAT: Tc3_IotBase, CODESYS: Web Client SL, Siemens: LHTTP, Rockwell: an AOI over sockets).
   Key must survive power-off: it goes on by one only when a serial has come. *)
PROGRAM AskForLabel
VAR RETAIN
    Key : UDINT := 1;
END_VAR
VAR
    Start : BOOL;                      (* in: the part is there *)
    Serial : {string}(* out *)
    ErrorNumber : UDINT;               (* out: number of the refusal, 0 if there is none *)
    Post : HttpPost;
    Wait : TON;
    State : INT;
END_VAR
CASE State OF
0:  IF Start THEN ErrorNumber := 0; State := 10; END_IF
10: Post.Url := '{url}';
    Post.Header1 := 'Content-Type: application/json';
    Post.Header2 := CONCAT('Authorization: Bearer ', GVL.LabelerKey);
    Post.Header3 := CONCAT('Idempotency-Key: {line}-', UDINT_TO_STRING(Key));
    Post.Body := '{body}';
    Post.Execute := TRUE;
    State := 20;
20: Post();
    IF Post.Error OR (Post.Done AND Post.Status >= 500) THEN
        State := 30;                    (* ask again with the same key: no second label *)
    ELSIF Post.Done AND Post.Status < 300 THEN
        Serial := JsonText(Post.Answer, 'serials[0]');
        Key := Key + 1; State := 40;
    ELSIF Post.Done THEN
        ErrorNumber := JsonNumber(Post.Answer, 'number');
        State := 40;                    (* refused: correct it; the same key may be used again *)
    END_IF
30: Post(Execute := FALSE); Wait(IN := TRUE, PT := T#1s);
    IF Wait.Q THEN Wait(IN := FALSE); State := 10; END_IF
40: Post(Execute := FALSE);
    IF NOT Start THEN State := 0; END_IF
END_CASE
END_PROGRAM
"""


def node_red(asked: Asked) -> str:
    """Return a flow for Node-RED: a button, the request, and the serial or the refusal.

    >>> asked = Asked(base="http://plant:8080", line="line-1", prints=True, string_length=80)
    >>> [one["type"] for one in json.loads(node_red(asked))]
    ['inject', 'function', 'http request', 'function', 'debug', 'debug']
    """
    before = (
        f"const next = global.get('labeler-{asked.line}') || 1;\n"
        "msg.key = next;\n"
        "msg.headers = {'Content-Type': 'application/json', "
        f"'Idempotency-Key': '{asked.line}-' + next, "
        "'Authorization': 'Bearer ' + env.get('LABELER_KEY')};\n"
        f"msg.payload = {_body(asked)};\nreturn msg;"
    )
    behind = (
        "if (msg.statusCode < 300) {\n"
        f"  global.set('labeler-{asked.line}', msg.key + 1);\n"
        "  msg.payload = msg.payload.serials[0];\n  return [msg, null];\n}\n"
        "return [null, msg];"
    )
    nodes: list[dict[str, Any]] = [
        _node("1", "inject", 1, wires=[["labeler2"]], name="part is there"),
        _node("2", "function", 2, wires=[["labeler3"]], name="key", func=before),
        _node("3", "http request", 3, wires=[["labeler4"]], name=asked.line, method="POST",
              ret="obj", url=asked.url),
        _node("4", "function", 4, wires=[["labeler5"], ["labeler6"]], name="serial?",
              func=behind, outputs=2),
        _node("5", "debug", 5, name="serial", complete="payload"),
        _node("6", "debug", 5, name="refused", complete="payload"),
    ]  # fmt: skip
    return json.dumps(nodes, indent=1)


def _node(
    number: str, kind: str, column: int, *, wires: list[list[str]] | None = None, **more: Any
) -> dict[str, Any]:
    place = {"x": 170 * column, "y": 60 * (2 if number == "6" else 1)}
    return {"id": f"labeler{number}", "type": kind, **place, "wires": wires or [], **more}
