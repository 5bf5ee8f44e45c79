"""Printers that config.yaml does not know any more, while labels wait for them."""

import structlog

from labeler.production.printing import held, queues
from labeler.production.site import Site

log = structlog.get_logger(__name__)


def warn(site: Site) -> None:
    """Say which labels nobody will print, since config.yaml does not know their printer."""
    with site.store.read() as transaction:
        lengths, kept = queues.lengths(transaction), held.counts(transaction)
        for name in queues.gone(site, {*lengths, *kept}):
            sentence = queues.gone_sentence(transaction, name)
            labels = lengths.get(name, 0) + kept.get(name, 0)
            log.warning("printer.gone", printer=name, labels=labels, why=sentence)
