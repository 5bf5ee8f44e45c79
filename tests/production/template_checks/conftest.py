"""The plant whose templates are checked: nothing of it changes from test to test."""

from collections.abc import Iterator

import pytest

from labeler.production.site import Site
from tests.production.template_checks import looking


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Site]:
    """Return the plant: one printer of 203 dpi, one product with a serial such as AC2632700001K."""
    with looking.plant(tmp_path_factory.mktemp("site")) as opened:
        yield opened
