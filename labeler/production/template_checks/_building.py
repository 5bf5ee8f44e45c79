"""From a template and the plant to what checks look at: every label is laid out here, once."""

from collections.abc import Iterable, Mapping
from contextlib import suppress
from dataclasses import dataclass, field, replace

from labeler.production import routing, template_samples, testing
from labeler.production.site import Site
from labeler.production.template_checks import _cases, media
from labeler.production.template_checks._findings import Station
from labeler.production.template_checks._graphics import graphics
from labeler.production.template_checks._subject import Case, Placed, Subject, Trial, View
from labeler.production.template_samples import Wanted
from labeler.store import Transaction
from labeler.templates import LabelTemplate
from printers import languages, marking
from printers.device import Device
from printers.errors import Unprintable
from printers.handling import Handling
from printers.label import Element, fill
from printers.layout import dots, placing
from printers.layout.spots import Spot

FREE_DPI = (203, 300)
"""Where a template is tried that no product has: the heads that most label printers have."""
_EMPTY = (
    *("run.lot", "run.work_order", "run.operator", "run.purchase_order", "run.sales_order"),
    *("run.shift", "run.expires_on", "run.best_before"),
)


def build(site: Site, transaction: Transaction, template: LabelTemplate) -> Subject:
    """Return the template with its labels for each product that has it, or for its samples."""
    users = [name for name, one in site.plant.products.items() if one.template == template.name]
    products: list[str | None] = [*users] or [None]
    found = _Found(stations=_stations(site, template, used=bool(users)))
    for product in products:
        with suppress(Unprintable):  # the trial below says why
            found.add(_cases.maker(site, transaction, template, product=product))
    trials = tuple(
        _trial(site, transaction, template, line=line, product=one)
        for one in users
        for line, entry in site.plant.lines.items()
        if entry.printers
    )
    return Subject(
        template=template,
        views=tuple(found.views),
        trials=trials if users else _free_trials(site, transaction, template),
        characters=found.characters,
        open_empty=found.open_empty,
        marks_refused=tuple(found.marks_refused),
        graphics=tuple(graphics(site, found.views)) if users else (),
        serial_lengths={
            one: site.plant.series[site.plant.products[one].series].series.text_length
            for one in users
        },
        plc_strings={
            name: line.plc_string_length
            for name, line in site.plant.lines.items()
            if line.plc_string_length is not None
        },
    )


@dataclass(kw_only=True)
class _Found:
    """What is gathered product by product."""

    stations: Mapping[Device, tuple[Station, ...]]
    views: list[View] = field(default_factory=list)
    characters: dict[str | None, tuple[Case, ...]] = field(default_factory=dict)
    open_empty: dict[str | None, str] = field(default_factory=dict)
    marks_refused: list[tuple[str, Station, str]] = field(default_factory=list)
    _spots: dict[tuple[Element, Device], Spot] = field(default_factory=dict)

    def add(self, made: _cases.Maker) -> None:
        """Lay out the labels of one product; Unprintable where they cannot be filled."""
        for case in _cases.cases(made):
            self.views += [self._view(case, device) for device in self.stations]
        if made.product is not None:
            self.characters[made.product] = tuple(_cases.characters(made))
            self._try_marks(made, made.product)
        why = self._why_not_empty(made)
        if why is not None:
            self.open_empty[made.product] = why

    def _view(self, case: Case, device: Device) -> View:
        return View(
            case=case,
            device=device,
            stations=self.stations[device],
            placed=tuple(
                self._placed(case, place, element, device=device)
                for place, element in zip(case.places, case.label.elements, strict=True)
            ),
            width=dots(case.label.width_mm, device.dpi),
            height=dots(case.label.height_mm, device.dpi),
        )

    def _placed(self, case: Case, place: int, element: Element, *, device: Device) -> Placed:
        content = getattr(element, "content", ())
        placed = Placed(place=place, element=element, text=fill(content, case.values))
        spot = None
        try:
            spot = self._spot(case, element, device)
            return replace(placed, spot=spot, marks=tuple(spot.marks(case.values)))
        except Unprintable as error:
            return replace(placed, spot=spot, refusal=str(error))

    def _spot(self, case: Case, element: Element, device: Device) -> Spot:
        key = (element, device)
        if key not in self._spots:
            self._spots[key] = placing.place(element, label=case.label, device=device)
        return self._spots[key]

    def _why_not_empty(self, made: _cases.Maker) -> str | None:
        """Return why a run is refused that leaves empty what it may; None if it is not.

        Where all it may say is said and it is refused as well, this is not the reason.
        """
        attributes = [one for one in made.template.sources if one.startswith("attributes.")]
        empty = dict.fromkeys((*_EMPTY, *attributes), "")
        texts = _cases.units(made)["first" if made.reaches else "widest"]
        device = next(iter(self.stations))
        if self._why_not(made, texts, {}, device) is not None:
            return None
        return self._why_not(made, texts, empty, device)

    def _why_not(
        self, made: _cases.Maker, texts: _cases.Texts, said: dict[str, str], device: Device
    ) -> str | None:
        try:
            view = self._view(made.real(texts, constants=said), device)
        except Unprintable as error:
            return str(error)
        return next((one.refusal for one in view.placed if one.refusal), None)

    def _try_marks(self, made: _cases.Maker, product: str) -> None:
        """Look for the place that labels of test runs need for their mark."""
        real = made.real(_cases.units(made)["widest"], constants={}, prefix=testing.PREFIX)
        for device, stations in self.stations.items():
            try:
                marking.marked(real.label, testing.MARK, widest=real.values, device=device)
            except Unprintable as error:
                self.marks_refused.append((product, stations[0], str(error)))


def _printers(site: Site, template: LabelTemplate) -> Iterable[str]:
    """Return the printers of all lines, without members of groups that do not take the label."""
    names: dict[str, None] = {}
    for line in site.plant.lines.values():
        if line.printer is not None:
            with suppress(routing.NoneSuits):  # its trial says so
                names |= dict.fromkeys(routing.suited(site, template, line.printer))
        if line.archive is not None:
            names[line.archive] = None
    return names


def _stations(
    site: Site, template: LabelTemplate, *, used: bool
) -> dict[Device, tuple[Station, ...]]:
    """Return the kinds of printers that labels go to, and which printers are of each.

    How stock is handled makes no difference here.
    """
    found: dict[Device, tuple[Station, ...]] = {}
    for name in _printers(site, template) if used else ():
        device = replace(site.plant.device(name), handling=Handling())
        found[device] = (*found.get(device, ()), Station(printer=name, dpi=device.dpi))
    if not found:
        for dpi in template.dpi or FREE_DPI:
            found[Device(dpi=dpi, book=site.plant.book)] = (Station(printer=None, dpi=dpi),)
    return found


def _free_trials(
    site: Site, transaction: Transaction, template: LabelTemplate
) -> tuple[Trial, ...]:
    """Return why a template that no product has cannot be filled, if it cannot."""
    try:
        made = _cases.maker(site, transaction, template, product=None)
        for _ in _cases.cases(made):
            """Each can be filled."""
    except Unprintable as error:
        return (Trial(line="", product=None, refusal=str(error)),)
    return ()


def _trial(
    site: Site, transaction: Transaction, template: LabelTemplate, *, line: str, product: str
) -> Trial:
    """Return whether a line can print the product's next label."""
    wanted = Wanted(product=product, line=line, values={}, strangers=False)
    trial = Trial(line=line, product=product)
    unsuited = _unsuited(site, template, line)
    if unsuited is not None:
        return replace(trial, media_refusal=unsuited[0], media_advice=unsuited[1])
    entry = site.plant.lines[line]
    printers = [*routing.suited(site, template, entry.printer)] if entry.printer else []
    printers += [entry.archive] if entry.archive else []
    try:
        sample = template_samples.sample(site, transaction, template, wanted=wanted)
        for name in printers:
            language = languages.load(site.plant.printers[name].language)
            form = language.compile(sample.form.label, device=site.plant.device(name))
            form.check(sample.unit)
    except Unprintable as error:
        return replace(trial, refusal=str(error))
    return trial


def _unsuited(site: Site, template: LabelTemplate, line: str) -> tuple[str, str] | None:
    """Return why a line's printers do not take the label, and what to do; None if they do."""
    entry, printers = site.plant.lines[line], site.plant.printers
    try:
        for name in routing.suited(site, template, entry.printer) if entry.printer else ():
            routing.require_suits(site, template, name)
    except Unprintable as error:
        first = site.plant.members(str(entry.printer))[0]
        return str(error), media.advice(template, printers[first].media)
    if entry.archive is not None:
        why = routing.too_large(template, entry.archive, printer=printers[entry.archive])
        if why is not None:
            return why, media.advice(template, printers[entry.archive].media)
    return None
