"""Readers of the file formats that articles come in."""
