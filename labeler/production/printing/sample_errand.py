"""A label of a template that is being written, printed to look at: never with a serial of ours.

Its serial begins with TEST-, and it says TEST, as labels of test runs do: the serial that comes
next, on a label nobody knows of, would later prove a unit that has another one.
"""

from typing import Any

from labeler.errors import UNPRINTABLE, Refusal
from labeler.production import routing, template_linting, template_samples, testing
from labeler.production.printing import errands
from labeler.production.printing.errand import Errand
from labeler.production.printing.errands import Wish
from labeler.production.site import Site
from labeler.production.template_drafts import Draft
from labeler.production.template_samples import Wanted
from printers import languages, marking
from printers.errors import Unprintable


def print_sample(site: Site, draft: Draft, *, printer: str, wish: Wish) -> dict[str, Any]:
    """Let a printer print a label of a draft with sample values and the mark TEST.

    Returns what became of it. Refuses a draft that cannot be read (4005), a label that the printer
    does not take or that has no place for the mark (4001), an unknown printer (5004), one that is
    busy (5040) or stopped (5041), and where no spooler runs (5043).
    """
    language = site.plant.printer(printer).language
    data = _drawn(site, draft, printer, language=language)
    moment = site.clock().strftime("%Y%m%dT%H%M%S%f")
    name = f"sample-{draft.name}-{moment}{languages.load(language).SUFFIX}"
    outcome = errands.asked(site, printer, Errand(name=name, data=data, labels_out=1))
    return errands.recorded(site, printer, wish, what="Test label", outcome=outcome)


def _drawn(site: Site, draft: Draft, printer: str, *, language: str) -> bytes:
    template = template_linting.parsed(draft)
    device = site.plant.device(printer)
    try:
        routing.require_suits(site, template, printer)
        with site.store.read() as transaction:
            plain = template_samples.sample(site, transaction, template, wanted=Wanted(values={}))
            serial = testing.PREFIX + plain.unit.get("serial", "")
            wanted = Wanted(values={"serial": serial})
            found = template_samples.sample(site, transaction, template, wanted=wanted)
        label = marking.marked(found.form.label, testing.MARK, widest=found.unit, device=device)
        return languages.load(language).compile(label, device=device).document([found.unit])
    except Unprintable as error:
        raise Refusal(
            UNPRINTABLE, str(error), hint="Correct the template, or choose another printer."
        ) from error
