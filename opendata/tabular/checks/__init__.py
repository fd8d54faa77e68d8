"""Our checks: Frictionless ``Check`` classes that a contract's checklist and cautions name."""
