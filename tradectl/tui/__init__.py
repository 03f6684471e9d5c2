"""The trader's terminal: draws a desk (tradectl/desk) and hands on what is typed.

- app.py: ``Terminal``, the shell: one or two panes, the lines around them, what works everywhere.
- pane.py: ``Pane``, the base of the six screens in screens/; only panes know the desk. A pane says by ``channels()``
  what it wants to follow, draws in ``changed(keys)`` what the keys are about, and has its own BINDINGS.
- widgets/: get plain data and post messages (messages.py).
- words/: every text, in English and Russian: ``t("market.title")``. A binding's description is a key of it, which the
  line of keys, the help and the palette look up.
- figures.py: how numbers are written. Themes (``$up``, ``$down``, ``$flash`` …), signs with and without Unicode and the
  choice of the language lie in tradectl/looks, where the developer's terminal has them from too.
"""

import os

os.environ.setdefault("TEXTUAL_FPS", "240")
# Textual looks for what is to be drawn at each of so many moments a second, and only when something is: at its own 60,
# a key that came behind a drawing of the panes waited 30 ms for its echo.
