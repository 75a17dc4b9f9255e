"""Direct quotations: where they stand, and who said them, in the article's own words."""

from corpus.quotes.extractor import EXTRACTOR, extract, read
from corpus.quotes.parser import Parser, ParserMissingError, ParserUnavailableError, load_parser
from corpus.quotes.quote import Person, Quote, Reading

__all__ = [
    "EXTRACTOR",
    "Parser",
    "ParserMissingError",
    "ParserUnavailableError",
    "Person",
    "Quote",
    "Reading",
    "extract",
    "load_parser",
    "read",
]
