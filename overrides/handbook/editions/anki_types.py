"""What Anki's note types are: fields, and templates that lay them out. Names and numbers never change (`anki`)."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from handbook.cards import PARTS
from handbook.grammar import LABELS

BOOK = "ML Interview Handbook"
STYLE = Path(__file__).with_name("anki.css")


@dataclass(frozen=True)
class Type:
    """A note type: its fixed id, its fields, and its templates as name, front and back."""

    id: int
    name: str
    fields: tuple[str, ...]
    templates: tuple[tuple[str, str, str], ...]


FRONT = '<div class="book">\n%s</div>'
# Anki scrolls to the id when the answer is shown.
BACK = '{{FrontSide}}\n<hr id="answer">\n<div class="book">\n%s</div>'


PROMPT_FRONT = """\
<p class="facts"><b>{{Title}}</b> · {{Facts}}</p>
<p class="question">{{Question}}</p>
{{#Brief}}<div class="brief">{{Brief}}</div>{{/Brief}}
"""
# First what to say and how it is judged, which one can grade oneself by; what takes minutes to read is folded.
PROMPT_BACK = """\
<h2>Opening line</h2>
<div class="say">{{Opening line}}</div>
<h2>How it is scored</h2>
<div class="scored">{{How it is scored}}</div>
<p class="hint">Weak is Again, solid is Good, strong is Easy.</p>
<details class="part"><summary>Answer</summary>{{Answer}}</details>
<details class="part"><summary>Follow-ups</summary>{{Follow-ups}}</details>
<div class="deeper"><b>Go deeper.</b> {{Go deeper}}</div>
<p class="address"><a href="{{Address}}">This prompt in the handbook, with the origin of each number</a></p>
"""

CONCEPT_FRONT = """\
<p class="facts">{{Facts}}</p>
<p class="question">{{Title}}</p>
<p class="hint">What it is, how it fails, how you see that, what you change.</p>
"""
CONCEPT = """\
<h2>Define</h2>
{{Define}}
<h2>Failure mode</h2>
{{Failure mode}}
<h2>Diagnostic</h2>
{{Diagnostic}}
<h2>Fix</h2>
{{Fix}}
"""
CONCEPT_FOOT = """\
<div class="deeper"><b>Used in.</b> {{Used in}}</div>
<p class="address"><a href="{{Address}}">This card in the handbook, with the origin of each number</a></p>
"""
ASKED_FRONT = """\
<p class="facts"><b>{{Title}}</b> · {{Facts}}</p>
<p class="question">{{Asked}}</p>
"""
ASKED_BACK = f"""\
<div class="body">{{{{Asked answer}}}}</div>
<details class="part"><summary>{{{{Title}}}}: what it is, how it fails</summary>
{CONCEPT}</details>
{CONCEPT_FOOT}"""

TERM_FRONT = """\
<p class="facts">Glossary</p>
<p class="question">{{Term}}</p>
"""
TERM_BACK = """\
<div class="say">{{Definition}}</div>
<p class="address"><a href="{{Address}}">This term in the handbook</a></p>
"""

TYPES = {
    "prompt": Type(
        1_795_824_000_001,
        f"{BOOK}: prompt",
        ("Question", "Title", "Facts", "Brief", *LABELS, "Address"),
        (("Prompt", FRONT % PROMPT_FRONT, BACK % PROMPT_BACK),),
    ),
    "concept": Type(
        1_795_824_000_002,
        f"{BOOK}: concept",
        ("Title", "Facts", *PARTS[:-2], "Asked", "Asked answer", "Used in", "Address"),
        (
            ("Concept", FRONT % CONCEPT_FRONT, BACK % (CONCEPT + CONCEPT_FOOT)),
            ("Asked", FRONT % ASKED_FRONT, BACK % ASKED_BACK),
        ),
    ),
    "term": Type(
        1_795_824_000_003,
        f"{BOOK}: term",
        ("Term", "Definition", "Address"),
        (("Term", FRONT % TERM_FRONT, BACK % TERM_BACK),),
    ),
}

# What a deck says of itself in Anki, below its name; by the kind of its notes, and the book's own deck.
ABOUT = {
    "": (
        "Practice prompts with model answers, concept cards and terms of the Machine Learning Interview Handbook. "
        "A prompt takes a few minutes or as long as a round: give the chapters’ decks an options group with one or two "
        "new cards a day, Fundamentals and Glossary one with ten. Importing a newer file adds what is new, replaces notes "
        "that have changed and keeps your reviews. What you wrote into a changed note is then gone, so keep your own "
        "words in notes of your own. Text: CC BY 4.0; code: MIT."
    ),
    "prompt": "Answer aloud and against the clock, then compare. One or two new cards a day are enough.",
    "concept": "Two cards a concept: what it is and how it fails, and the question that interviewers ask.",
    "term": "A term in front, its meaning behind.",
}
