"""The book on paper: built pages in, PDF files out. Pure functions but for the last step.

    site/chapters/metrics/*.html ─read→ nodes ─write→ Typst ─press→ site/pdf/metrics-a4.pdf, metrics-letter.pdf

- `chapters`: which pages make a chapter, from the table of contents.
- `read`: a built page's article → `nodes`, a dozen small types. Raises on a tag or class that it doesn't know.
- `svg`: a drawing of the page → one that stands alone: light colors, a font of ours, nothing that reaches outside.
- `write`: nodes → Typst code, which calls the functions of `layout.typ`.
- `press`: Typst code → PDF/UA-1, remembered by its content.

A page is `nodes.Page`, a chapter is a list of pages, a book would be a list of chapters: question sheets, answer keys and the
whole book are other walks over the same nodes.
"""
