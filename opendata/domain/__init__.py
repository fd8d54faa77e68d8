"""The rules, in the standard library alone: values in, values or a ``Refusal`` out."""
