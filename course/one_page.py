"""The cheat sheet on one printed page: `nnkit build` writes it as `docs/cheat_sheet.html`."""

from __future__ import annotations

import html
import re
from collections.abc import Iterator

from course.cheat_sheet import formulas, lessons_and_functions, shapes, summary
from course.reference import stub_source

HEAD = """\
<!DOCTYPE html>
<html lang="en">
<head>
<meta charset="utf-8">
<title>nnkit: cheat sheet</title>
<style>
body { font: 1rem/1.4 "DejaVu Sans", sans-serif; margin: 1rem; color: #111; background: #fff; }
main { columns: 24rem; column-gap: 1.5rem; }
h1 { font-size: 1.4em; margin: 0; }
h2 { font-size: 1em; margin: 0.9em 0 0.2em; border-bottom: 1px solid #777; break-after: avoid; }
section:first-child h2 { margin-top: 0; }
div { break-inside: avoid; margin: 0 0 0.35em; }
p, pre { margin: 0; }
code, pre { font-family: "DejaVu Sans Mono", monospace; font-size: 0.94em; }
pre { white-space: pre-wrap; padding-left: 1em; }
.note { padding-left: 1em; color: #444; }
@page { size: A4 landscape; margin: 7mm; }
@media print {
  body { font-size: 5.7pt; line-height: 1.2; margin: 0; }
  main { columns: 4; column-gap: 3mm; }
  h2 { margin-top: 0.5em; }
}
</style>
</head>
<body>
<h1>Cheat sheet: how neural networks are trained</h1>
<main>
"""
TAIL = "</main>\n</body>\n</html>\n"
NUMBER = re.compile(r"`[\w, ]+`: (float|int|bool|numpy\.random\.Generator)(, .*)?")


def one_page() -> str:
    """The page as HTML."""
    parts = (part for title, names in lessons_and_functions() for part in _lesson(title, names))
    return HEAD + "\n".join(parts) + "\n" + TAIL


def _lesson(title: str, names: list[str]) -> Iterator[str]:
    yield f"<section>\n<h2>{html.escape(title)}</h2>"
    yield from map(_entry, names)
    yield "</section>"


def _entry(name: str) -> str:
    signature = stub_source(name).splitlines()[0].removeprefix("def ").removesuffix(":")
    head = f"<p><code><b>{html.escape(signature)}</b></code></p>"
    return "\n".join(["<div>", head, _note(_arrays(name)), *_formula(name), "</div>"])


def _arrays(name: str) -> str:
    """What goes in, without plain numbers, and what comes out."""
    takes, gives = shapes(name).split(" → ")
    arrays = [item for item in takes.split("; ") if not NUMBER.fullmatch(item)]
    return f"{'; '.join(arrays)} → {gives}"


def _formula(name: str) -> Iterator[str]:
    for part in (formulas(name) or summary(name)).split("\n\n"):
        text = part.removeprefix("```text\n").removesuffix("\n```")
        yield f"<pre>{html.escape(text)}</pre>" if part.startswith("```") else _note(part)


def _note(text: str) -> str:
    return f'<p class="note">{html.escape(text).replace("`", "")}</p>'
