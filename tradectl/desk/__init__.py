"""One signed-in trader without a screen: what he knows, follows and asks for. Imports neither textual nor rich.

``Desk`` (desk.py) is all that a screen needs:

- ``desk.state`` (state.py) is plain data, filled by the one WebSocket and by pages that were asked for:
  ``instruments``, ``quotes``, ``books``, ``tapes``, ``series`` (candles by symbol and interval), ``orders``, ``fills``,
  ``portfolio``, ``notifications``, ``signals``, ``messages`` (by topic), ``topics``, ``watchlist``, ``alerts``,
  ``profile``; and what is looked at: ``symbol``, ``interval``. Shapes are the msgspec structs of market.py and
  account.py: prices, quantities and money are Decimal, times are aware datetimes, market time for the market and
  orders, wall time for all else.
- ``desk.want(owner, channels)`` says what an owner follows now; the link subscribes to what all owners want together.
- ``await desk.place(...)``, ``cancel``, ``replace``, ``preview``, ``candles`` …: requests. What goes wrong is one of
  failures.py; ``Refused`` has the ``code``, ``detail`` and ``field`` of the platform's answer.

How a screen learns what changed: whatever changes the state adds a key to ``state.dirty``, named like the WebSocket's
channel (``quotes:AAPL``, ``book:AAPL``, ``trades:AAPL``, ``candles:AAPL:5m``, ``orders``, ``portfolio``,
``notifications``, ``signals``, ``chat:TOPIC``) or like the attribute (``symbol``, ``interval``, ``watchlist``,
``instruments``, ``topics``, ``alerts``, ``profile``, ``link``). Ten times a second the terminal drains it by
``state.drain()`` and tells the panes that are shown: ``pane.changed(keys)``; a pane that comes into view is told
``EVERYTHING``, in which every key is. A quote that came a hundred times between two drains is one key and, because
quotes are decoded when they are read, one decoding. What must not be missed however fast it comes lies in
``state.happenings``: order events and notifications, each once; the terminal makes toasts of them.

How old it is: ``state.link.status`` is ``off``, ``connecting``, ``live`` or ``cut``; ``state.link.age(now)`` says for
how many seconds nothing has been heard. After a cut the link comes back by itself, each channel begins with a whole
snapshot.
"""
