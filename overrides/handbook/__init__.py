"""The machine of the handbook: Markdown extensions, the bank of prompts, and what is made of them.

Everything here is used in one of three moments:

- *while a page is rendered*, as Markdown extensions that MkDocs and Zensical load alike: `prompts` (the `/// prompt`
  block), `checked` (numbers tied to code), `figures` (SVG inlined), `math` (TeX to SVG), `aliases` (old ids kept alive);
- *before the build*, by `python -m handbook check`: `bank` (all prompts as data), `ledger`, `outputs`, `plot`, `rules`;
- *after the build*, over the built pages: `site` (permanent addresses, Content-Security-Policy), `links`, `ids`.
"""

import os

# Before NumPy is imported. The same sums in the same order on every machine; and two workers with two threads each would
# spend half of their time waiting for each other.
for _name in ("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS"):
    os.environ.setdefault(_name, "1")
