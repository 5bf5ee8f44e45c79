"""What travels to a printer at once, and which formats it was sent to keep.

A printer that keeps the format of a label (ZPL: ^DF in R:) is sent the values of each label only,
which is a third of the bytes. It keeps it until it is switched off, and a label that recalls a
format which is not there may come out empty. So nothing is taken as kept beyond what is known: the
`Shelf` is emptied at each connection, at each job, and whenever the printer is not ready or silent.
"""

import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from labeler.production.printing.spooled import SpooledLabel
from printers import languages
from printers.languages import Compiled, StoredForm


@dataclass(frozen=True, kw_only=True)
class Part:
    """What travels for one label, or for all labels of a document."""

    own: bytes
    """Nothing of the label can come out before the first of these bytes."""
    lead: bytes = b""
    """Before them: the format that ``own`` recalls, where the printer has to be sent it."""
    digest: str
    """SHA-256 of all that the label is made of: of the format, too, whether it was sent again or
    not.
    """
    keeps: str | None = None
    """The name of the format that ``own`` recalls."""
    copies: int = 1
    """How many labels come out."""


@dataclass(frozen=True, kw_only=True)
class Parcel:
    """Labels that travel together."""

    labels: list[SpooledLabel]
    parts: list[Part]
    """One for each label; one for all of them if it is a document."""
    name: str
    """Name of the document, where the transport keeps documents."""

    @property
    def data(self) -> bytes:
        """All of it."""
        return b"".join([part.lead + part.own for part in self.parts])

    @property
    def copies(self) -> int:
        """How many labels come out of the printer."""
        return sum(part.copies for part in self.parts)

    def digests(self) -> list[tuple[SpooledLabel, str]]:
        """Return each label with the SHA-256 of what it is made of."""
        found = [part.digest for part in self.parts]
        if len(found) == 1:
            found *= len(self.labels)
        return list(zip(self.labels, found, strict=True))

    @property
    def is_countable(self) -> bool:
        """Whether each format that waits in the printer is one label, and comes out once.

        A format that is only kept does not wait any more once a label behind it is out.
        """
        leads = [part for part in self.parts[1:] if part.lead]
        return self.copies == len(self.labels) and not leads

    def reached(self, bytes_written: int) -> "Reach":
        """Return which labels are whole, torn or untouched when only so many bytes have left."""
        reach, start = Reach(), 0
        for label, part in zip(self.labels, self.parts, strict=True):
            start += len(part.lead)
            if start >= bytes_written:
                reach.untouched.append(label)
            # A line's end behind it may be missing: a printer does not wait for that.
            elif start + len(part.own.rstrip()) <= bytes_written:
                reach.whole.append(label)
            else:
                reach.torn.append(label)
            start += len(part.own)
        return reach


@dataclass(frozen=True, kw_only=True)
class Reach:
    """How far the labels of a parcel got that did not leave as a whole."""

    whole: list[SpooledLabel] = field(default_factory=list)
    """All of it has left."""
    torn: list[SpooledLabel] = field(default_factory=list)
    """A part of it has left: no whole label can come of it."""
    untouched: list[SpooledLabel] = field(default_factory=list)
    """Nothing of it has left."""


def document(data: bytes) -> Part:
    """Return a document as the only part of a parcel."""
    return Part(own=data, digest=hashlib.sha256(data).hexdigest())


def whole(form: Compiled, row: Mapping[str, str]) -> Part:
    """Return a label that states everything itself; Unprintable if it cannot be."""
    data = form.render(row)
    digest = hashlib.sha256(data).hexdigest()
    return Part(own=data, digest=digest, copies=languages.copies(form))


class Shelf:
    """The formats that a printer surely keeps."""

    def __init__(self) -> None:
        self._job: int | None = None
        self._kept: set[str] = set()
        self._missed: dict[str, int] = {}
        """Name -> bytes that labels since the start of the job could have been shorter by."""
        self.clearings = 0
        """How often it was emptied. Parts that were made before the last time may recall too much.
        """

    def clear(self) -> None:
        """Take nothing as kept any more."""
        self.clearings += 1
        self._kept.clear()
        self._missed.clear()

    def parts(
        self,
        labels: Sequence[SpooledLabel],
        *,
        forms: Sequence[Compiled],
        rows: Sequence[Mapping[str, str]],
    ) -> list[Part]:
        """Return the labels, each whole or recalling a format, whichever is shorter in the end.

        A format is sent when the labels that could have used it make up for its own bytes. A parcel
        that begins another job than the last one sends it anew.
        """
        if labels[0].job_id != self._job:
            self.clear()
        self._job = labels[-1].job_id
        wholes = [whole(form, row) for form, row in zip(forms, rows, strict=True)]
        recalls = list(map(_recalled, forms, rows, wholes))
        chosen = self._worthwhile(wholes, recalls)
        lead = {one: form.download for one, form in chosen.items() if one not in self._kept}
        found = []
        for plain, recalled in zip(wholes, recalls, strict=True):
            if recalled is None or recalled[0].name not in chosen:
                found.append(plain)
                continue
            form, data = recalled
            digest = hashlib.sha256(form.download + data).hexdigest()
            found.append(
                Part(
                    own=data,
                    lead=lead.pop(form.name, b""),
                    digest=digest,
                    keeps=form.name,
                    copies=plain.copies,
                )
            )
        return found

    def sent(self, parcel: Parcel) -> None:
        """Hear that a parcel has left as a whole."""
        self._kept.update(part.keeps for part in parcel.parts if part.keeps is not None)

    def _worthwhile(
        self, wholes: list[Part], recalls: list[tuple[StoredForm, bytes] | None]
    ) -> dict[str, StoredForm]:
        """Return the formats to recall."""
        forms: dict[str, StoredForm] = {}
        for plain, recalled in zip(wholes, recalls, strict=True):
            if recalled is not None:
                form, data = recalled
                forms[form.name] = form
                saved = self._missed.get(form.name, 0) + len(plain.own) - len(data)
                self._missed[form.name] = saved
        return {
            name: form
            for name, form in forms.items()
            if name in self._kept or self._missed[name] > len(form.download)
        }


def _recalled(
    form: Compiled, row: Mapping[str, str], plain: Part
) -> tuple[StoredForm, bytes] | None:
    """Return a label that recalls its format; None where it cannot, or where its values do not."""
    stored = languages.stored(form)
    data = stored.recall(row) if stored else plain.own
    return (stored, data) if stored and data != plain.own else None
