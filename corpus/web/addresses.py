"""Which addresses of the network may be connected to: public ones, and hosts that are listed."""

from __future__ import annotations

from ipaddress import IPv4Address, IPv4Network, IPv6Address, IPv6Network, ip_address

# Public by number, but the metadata service of Azure answers there inside of its networks.
_METADATA = frozenset((IPv4Address("168.63.129.16"),))
# For the inside of networks too, though `ipaddress` has taken parts of it for public: Oracle's
# metadata service is in it (RFC 6890).
_PROTOCOL_ASSIGNMENTS = IPv4Network("192.0.0.0/24")
_NAT64 = IPv6Network("64:ff9b::/96")
_COMPATIBLE = IPv6Network("::/96")


def is_public(address: str) -> bool:
    """Whether ``address`` is one of the open internet.

    Not private, loopback, link-local, metadata, multicast, reserved or unspecified, nor an IPv6
    address that leads to an IPv4 address of these.
    """
    try:
        found = ip_address(address.partition("%")[0])
    except ValueError:
        return False
    if "%" in address:  # of one link only
        return False
    if isinstance(found, IPv6Address) and (inner := _inner(found)) is not None:
        return found.sixtofour is None and found.teredo is None and is_public(str(inner))
    return (
        found.is_global
        and not found.is_multicast
        and not found.is_reserved
        and not found.is_unspecified
        and found not in _METADATA
        and found not in _PROTOCOL_ASSIGNMENTS
    )


def _inner(found: IPv6Address) -> IPv4Address | None:
    """The IPv4 address that an IPv6 address stands for or is tunnelled to."""
    if found in _NAT64 or (found in _COMPATIBLE and int(found) > 1):
        return IPv4Address(int(found) & 0xFFFFFFFF)
    teredo = found.teredo
    return found.ipv4_mapped or found.sixtofour or (teredo[1] if teredo else None)


def describe(address: str) -> str:
    """What kind of address it is, for a message."""
    try:
        found = ip_address(address.partition("%")[0])
    except ValueError:
        return "no address of the internet"
    if isinstance(found, IPv6Address):
        found = _inner(found) or found
    kinds: tuple[tuple[bool, str], ...] = (
        (found.is_loopback, "this computer itself"),
        (found.is_link_local or found in _METADATA, "a link-local or metadata address"),
        (found.is_unspecified, "an unspecified address"),
        (found.is_multicast, "a multicast address"),
    )
    inside = "an address inside a private network"
    return next((kind for holds, kind in kinds if holds), inside)
