"""Rules over several rows, vectorised: which groups are proven to keep them."""
