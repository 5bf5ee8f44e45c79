"""A label recalled from a format that the printer keeps is the label, dot for dot."""

import pytest

from printers import languages
from tests.printers.pictures import picture
from tests.printers.proof import labels
from tests.printers.proof.seeing import device


def prove_recall(name: str, texts: dict[str, str], *, dpi: int) -> None:
    given = device(dpi, texts)
    one = labels.filled(name, texts)
    compiled = one.compiled("zpl", given)
    form = languages.stored(compiled)
    assert form is not None
    whole = picture("zpl", compiled.render(one.row), dpi=dpi)
    recalled = picture("zpl", form.download + form.recall(one.row), dpi=dpi)
    assert recalled.tobytes() == whole.tobytes()


@pytest.mark.parametrize("dpi", labels.RESOLUTIONS)
@pytest.mark.parametrize("name", labels.NAMES)
def test_a_recalled_sample_is_the_same_picture(name, dpi):
    prove_recall(name, dict(labels.harmless(name)), dpi=dpi)


@pytest.mark.parametrize("name", labels.NAMES)
def test_a_recalled_label_of_nasty_values_is_the_same_picture(name):
    for value in labels.NASTY[labels.NAMES.index(name) :: len(labels.NAMES)]:
        prove_recall(name, labels.stuffed(name, value, device(203, value)), dpi=203)


@pytest.mark.parametrize("name", labels.NAMES)
def test_a_recalled_label_of_the_next_serial_is_no_longer_the_first(name):
    """The format holds no value of a unit: two labels of one download differ as they should."""
    given = device(203, "")
    first, second = (
        labels.filled(name, {**labels.harmless(name), "serial": serial})
        for serial in ("340123450000000017", "340123450000000024")
    )
    forms = [languages.stored(one.compiled("zpl", given)) for one in (first, second)]
    assert forms[0] is not None
    assert forms[1] is not None
    assert forms[0].download == forms[1].download
    whole = picture("zpl", second.render("zpl", given))
    recalled = picture("zpl", forms[0].download + forms[0].recall(second.row))
    assert recalled.tobytes() == whole.tobytes()
