"""The broker: takes orders by FIX 4.4 and by REST, passes them to the venue and reports what became of them.

What a client of the FIX session must know beyond FIX 4.4:

- Account (1) is required in every order message; an account is opened when it is first named.
- Price (44) of a market or a stop order (OrdType 1, 3) is the worst price that it may be filled at; without one the
  venue takes the edge of its price band.
- MaxFloor (111) makes an iceberg of a limit order that may rest: no more of it is shown at once, and what is hidden
  trades after all that is shown at its price. In a replace it is the new one; without it the old one stands.
- OrderQty of a replace is the whole order's. ClOrdID may be used once; the same again is refused (OrdRejReason 6),
  with PossResend it is answered by the order's status.
- Text (58) of a refusal or an end is its stable code, such as ``off_tick`` or ``no_liquidity``.
- A fill carries its fee (12, CommType 3, in Currency), LastLiquidityInd (851) and the venue's trade id (527);
  TransactTime is market time with microseconds. ExecID of a fill is the number of the venue's record, never reused.
- A bust (ExecType H) or a correction (G) names in ExecRefID (19) the ExecID that it takes back, which may be that of an
  earlier correction. LastQty, LastPx and Commission of a bust are those of the trade, of a correction the new ones. An
  open order gets back what is taken from it (J.1.c), one that has ended stays so (J.1.b): a filled one is cancelled.
- Drop copy: a session under the CompID DROPCOPY is told every execution of every sender, from the first one on, with
  CopyMsgIndicator (797) and the ExecIDs that the sender had. It takes no orders, and goes on where it was.
- What happens while no session is connected is numbered and stored all the same, and comes by resend.
"""
