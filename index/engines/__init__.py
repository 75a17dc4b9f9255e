"""Search engines behind one protocol, a file each."""
