"""One use case a function, in flow order: receive → validate → review → publish → query."""
