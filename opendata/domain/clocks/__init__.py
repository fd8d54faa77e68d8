"""The clock of a request for information: what happened to it in, and by when it is due out.

A clock is a list of events. A correction or the payment of a fee starts it anew; while others are
heard, or while it is suspended, days are not counted; an extension adds days within the limits of
the law. What happens after the term has ended cannot bring it back.
"""

from opendata.domain.clocks.model import Clock, Event, Happening, Status
from opendata.domain.clocks.running import request_clock

__all__ = ["Clock", "Event", "Happening", "Status", "request_clock"]
