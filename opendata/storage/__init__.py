"""Things that hold: the database of facts, the vault of bytes, the lake of records."""
