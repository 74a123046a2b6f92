"""Mail addresses as people type them, by one small rule: `name@domain`, ASCII before the @, any domain after it.

Of RFC 5321 that is what is in use: no quoted names, no numeric hosts, and none of the characters that could end a
command or a header. Domains with umlauts are written in ASCII (IDNA 2008), as servers without SMTPUTF8 need them.
"""

import re

from fediverse_ehrenamt.kit import ids

_LONGEST_LOCAL, _LONGEST = 64, 254  # RFC 5321 §4.5.3.1.1, RFC 3696 erratum 1690
_ATOM = r"[A-Za-z0-9!#$%&'*+/=?^_`{|}~-]+"
_LOCAL = re.compile(rf"{_ATOM}(?:\.{_ATOM})*")
_LABEL = r"[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?"
_DOMAIN = re.compile(rf"(?:{_LABEL}\.)+(?![0-9]+\Z){_LABEL}")


def read(text: str) -> str | None:
    """Return an address in its ASCII form ("info@xn--bcherei-hagen-wob.de"), None where it is none."""
    typed = text.strip()
    if len(typed) > _LONGEST:
        return None
    local, at, domain = typed.rpartition("@")
    ascii_domain = ids.in_ascii(domain).lower()
    if not at or len(local) > _LONGEST_LOCAL or not _LOCAL.fullmatch(local) or not _DOMAIN.fullmatch(ascii_domain):
        return None
    address = f"{local}@{ascii_domain}"
    return address if len(address) <= _LONGEST else None
