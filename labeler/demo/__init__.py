"""A month of life for an empty site, so that there is something to look at.

Nothing is written past the verbs: runs open and close, triggers get serials, virtual printers print
and prove it, people verify, reconcile and recall, each at its moment of the past month. Only the
clock is another. So the audit trail of a demo is as whole as that of a plant.
"""

from labeler.demo.filling import fill

__all__ = ["fill"]
