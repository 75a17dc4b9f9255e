"""XML from strangers: no entities, no document types, nothing fetched."""

from __future__ import annotations

from typing import TYPE_CHECKING
from xml.etree.ElementTree import ParseError

from defusedxml.common import DefusedXmlException
from defusedxml.ElementTree import fromstring

from corpus.errors import UnreadableError, UnsafeFileError

if TYPE_CHECKING:
    from xml.etree.ElementTree import Element


def parse_xml(data: bytes, what: str) -> Element:
    """The root element of ``data``; ``what`` it is goes into the messages.

    Raises:
        UnsafeFileError: if it declares entities, inside of it or in another place.
        UnreadableError: if it is not XML.
    """
    try:
        root: Element = fromstring(data, forbid_dtd=True)
    except DefusedXmlException:
        raise UnsafeFileError(
            f"declares a document type or entities in {what}, which can make a small file unpack "
            "without end or read other files; save it anew without them"
        ) from None
    except (ParseError, ValueError, LookupError, RecursionError) as error:
        raise UnreadableError(f"is damaged: {what} is not XML ({error})") from None
    return root


def local_name(element: Element) -> str:
    """The name of ``element`` without its namespace, in lower case."""
    return element.tag.rpartition("}")[2].lower()


def text_of(root: Element, name: str) -> str | None:
    """The text of the first element below ``root`` whose name without namespace is ``name``."""
    found = (element for element in root.iter() if local_name(element) == name)
    return next((text for element in found if (text := (element.text or "").strip())), None)
