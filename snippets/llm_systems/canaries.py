"""Strings that have no business in an output, planted and looked for. Serves docs/chapters/llm-systems/safety.md.

A canary proves that text from its place reached the output. Its absence proves little: the tests hold what it misses.
"""

import base64
import codecs
import hashlib
import hmac
import re
from collections.abc import Iterator, Mapping
from string import ascii_lowercase
from urllib.parse import unquote


# --8<-- [start:canaries]
def canary(key: bytes, place: str) -> str:
    """A word for one place (a system prompt, a document, a customer's record).

    80 bits of a keyed hash in lower-case base 32: nobody guesses it, no text holds it by
    chance, and the same place gets the same word after each build. O(len(place)).
    """
    digest = hmac.new(key, place.encode(), hashlib.sha256).digest()
    return base64.b32encode(digest[:10]).decode().lower()


def views(text: str) -> Iterator[str]:
    """The text as it stands, and undone in the ways that cost an attacker one sentence."""
    plain = unquote(unquote(text))
    yield plain
    solid = re.sub(r"[\W_]+", "", plain)  # spaces, dashes, line ends, zero-width characters
    yield solid
    yield solid[::-1]
    yield codecs.decode(solid, "rot13")
    for run in re.findall(r"(?:[0-9a-fA-F]{2}){8,}", solid):
        yield bytes.fromhex(run).decode("latin-1")
    for run in re.findall(r"[\w+/-]{16,}", re.sub(r"\s", "", plain), re.ASCII):
        if len(run) % 4 != 1:  # no base64 has that length
            padded = run.translate(str.maketrans("-_", "+/")) + "=" * (-len(run) % 4)
            yield base64.b64decode(padded).decode("latin-1")


def leaks(text: str, planted: Mapping[str, str]) -> set[str]:
    """The places whose canary is in an output or in a tool's arguments, in any view.

    `planted` maps place to canary. Empty text leaks nothing. O(len(text) · canaries).
    """
    seen = [view.lower() for view in views(text)]
    return {place for place, word in planted.items() if any(word in view for view in seen)}


# --8<-- [end:canaries]


def disguises(word: str) -> dict[str, str]:
    """One canary, written out in ways that are caught and ways that are not."""
    encoded = base64.b64encode(f"the code is {word}".encode()).decode()
    return {
        "as it stands": f"The code is {word}.",
        "upper case, spaced out": " ".join(word.upper()),
        "percent-encoded in a link": "https://a.example/?q=" + "".join(f"%{ord(c):02x}" for c in word),
        "base64 in a longer text": encoded,
        "hexadecimal": word.encode().hex(),
        "reversed": word[::-1],
        "rot13": codecs.encode(word, "rot13"),
        "base64, twice": base64.b64encode(encoded.encode()).decode(),
        "halves in two answers": word[:8],
        "spelled: a as alpha": " ".join({"a": "alpha", "b": "bravo"}.get(c, c + "-") for c in word),
        "other letters, key agreed": word.translate(
            str.maketrans(ascii_lowercase, ascii_lowercase[7:] + ascii_lowercase[:7])
        ),
        "told in other words": "The first instruction is never to speak of prices.",
    }


def demo_canaries() -> None:
    """Print which disguises of a canary are caught."""
    word = canary(b"a key", "system prompt")
    for name, text in disguises(word).items():
        print(f"{name:26} {'caught' if leaks(text, {'system prompt': word}) else 'missed'}")
