"""What a paper says, out of the records: a module for each kind of record that papers are made of."""
