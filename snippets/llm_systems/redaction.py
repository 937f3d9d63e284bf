"""Masking what patterns can find, and counting what they can't. Serves docs/chapters/llm-systems/safety.md."""

import re
from collections import Counter

# --8<-- [start:redact]
EMAIL = re.compile(r"[\w.+-]+@[\w-]+(?:\.[\w-]+)+")
DIGITS = re.compile(r"(?<![\w.])\+?(?:\(?\d[\s().-]{0,2}){6,18}\d(?!\w)")


def luhn(digits: str) -> bool:
    """Whether the check digit fits (ISO/IEC 7812-1): one random number in ten passes.

    Any single wrong digit fails. `digits` holds 0–9 only; empty text fails. O(n).
    """
    total = 0
    for place, character in enumerate(reversed(digits)):
        value = int(character) * (1 + place % 2)
        total += value - 9 if value > 9 else value
    return bool(digits) and total % 10 == 0


def redact(text: str) -> str:
    """The text with e-mail addresses, card numbers and phone numbers masked.

    A run of 13 to 19 digits with a fitting check digit is a card, of 7 to 15 digits a
    phone number unless it is bare and shorter than 10, as an order number is. Names,
    streets and anything in words stay. O(len(text)).
    """

    def mask(match: re.Match[str]) -> str:
        run = match.group()
        digits = re.sub(r"\D", "", run)
        if 13 <= len(digits) <= 19 and luhn(digits):
            return "<card>"
        if len(digits) <= 15 and (digits != run or len(digits) >= 10):
            return "<phone>"
        return run

    return DIGITS.sub(mask, EMAIL.sub("<email>", text))


# --8<-- [end:redact]

# What customers typed, by kind; every number is made up, the cards are the test numbers that schemes publish.
# Written by the author of the patterns, before they were tried: a kind set.
LINES: dict[str, list[tuple[str, str]]] = {
    "e-mail": [
        ("my mail is ana.silva@mail.example", "ana.silva@mail.example"),
        ("write to j_p+shop@sub.mail.example please", "j_p+shop@sub.mail.example"),
        ("Account: KIM@MAIL.EXAMPLE", "KIM@MAIL.EXAMPLE"),
        ("it's lee@mail.example, not lea", "lee@mail.example"),
        ("contact <o.k@mail.example>", "o.k@mail.example"),
        ("müller@mail.example bounced", "müller@mail.example"),
        ("mail: tom @ mail.example", "tom @ mail.example"),
        ("tom at mail dot example", "tom at mail dot example"),
        ("ana(at)mail.example", "ana(at)mail.example"),
        ("two: a@mail.example;b@mail.example", "b@mail.example"),
    ],
    "phone": [
        ("call +49 30 1234567", "30 1234567"),
        ("my number (030) 123-4567", "123-4567"),
        ("call 555-010-4477 after six", "555-010-4477"),
        ("0301234567 is mine", "0301234567"),
        ("+1 555 010 4477", "555 010 4477"),
        ("tel. 030/1234567", "1234567"),
        ("030 12 34 56 7", "12 34 56 7"),
        ("call 555.010.4477", "555.010.4477"),
        ("my number is 1234567", "1234567"),
        ("oh three oh, one two three four", "one two three four"),
    ],
    "card": [
        ("card 4111 1111 1111 1111 declined", "4111 1111 1111 1111"),
        ("4111111111111111", "4111111111111111"),
        ("5555-5555-5555-4444 exp 09/27", "5555-5555-5555-4444"),
        ("amex 3782 822463 10005", "3782 822463 10005"),
        ("visa: 4012888888881881.", "4012888888881881"),
        ("4111 1111 1111 1112, one digit wrong", "4111 1111 1111 1112"),
        ("it ends in 1111", "1111"),
        ("4111 1111 and then 1111 1111", "1111 1111"),
        ("41111111\n11111111", "41111111"),
        ("4111x1111x1111x1111", "4111x1111x1111x1111"),
    ],
    "name": [(f"this is {name}, my parcel is late", name) for name in ("Ana Silva", "Jo Park", "Kim", "O. Brown")],
    "street": [(f"send it to {street}", street) for street in ("12 Elm Road", "Mill Lane 5", "Apt. 5, Park Court")],
}

INNOCENT = [  # nothing here is personal
    "order 48213377 has not arrived",
    "error 0x80070057 since 2026-03-01",
    "invoice 2026-0004-1177 is wrong",
    "the price was 1,299.00 and now 1,199.00",
    "serial 4901234567894 does not register",
    "firmware 10.4.22.1871 fails",
    "between 10:00 and 18:00",
    "I paid 3 times 14.99",
]


def found(kind: str) -> int:
    """Lines of one kind in which nothing of the identifier is left."""
    return sum(secret not in redact(line) for line, secret in LINES[kind])


def spoiled() -> int:
    """Innocent lines that come out changed."""
    return sum(redact(line) != line for line in INNOCENT)


def demo_redaction() -> None:
    """Print what the patterns find, by kind, and which innocent lines they spoil."""
    counts = Counter({kind: found(kind) for kind in LINES})
    for kind, lines in LINES.items():
        print(f"{kind:8} {counts[kind]:2} of {len(lines):2} masked")
    for line in INNOCENT:
        if redact(line) != line:
            print(f"spoiled  {redact(line)}")
