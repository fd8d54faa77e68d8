"""What a table is, without knowing who asks: read it, judge it, type it, write it."""
