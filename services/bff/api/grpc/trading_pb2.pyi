from google.protobuf.internal import containers as _containers
from google.protobuf import descriptor as _descriptor
from google.protobuf import message as _message
from collections.abc import Iterable as _Iterable, Mapping as _Mapping
from typing import ClassVar as _ClassVar, Optional as _Optional, Union as _Union

DESCRIPTOR: _descriptor.FileDescriptor

class GetInstrumentsRequest(_message.Message):
    __slots__ = ()
    def __init__(self) -> None: ...

class Instruments(_message.Message):
    __slots__ = ("items",)
    ITEMS_FIELD_NUMBER: _ClassVar[int]
    items: _containers.RepeatedCompositeFieldContainer[Instrument]
    def __init__(self, items: _Optional[_Iterable[_Union[Instrument, _Mapping]]] = ...) -> None: ...

class Instrument(_message.Message):
    __slots__ = ("symbol", "name", "kind", "currency", "tick", "lot", "price_scale", "quantity_scale", "reference_price", "price_band", "maker_fee", "taker_fee", "status")
    SYMBOL_FIELD_NUMBER: _ClassVar[int]
    NAME_FIELD_NUMBER: _ClassVar[int]
    KIND_FIELD_NUMBER: _ClassVar[int]
    CURRENCY_FIELD_NUMBER: _ClassVar[int]
    TICK_FIELD_NUMBER: _ClassVar[int]
    LOT_FIELD_NUMBER: _ClassVar[int]
    PRICE_SCALE_FIELD_NUMBER: _ClassVar[int]
    QUANTITY_SCALE_FIELD_NUMBER: _ClassVar[int]
    REFERENCE_PRICE_FIELD_NUMBER: _ClassVar[int]
    PRICE_BAND_FIELD_NUMBER: _ClassVar[int]
    MAKER_FEE_FIELD_NUMBER: _ClassVar[int]
    TAKER_FEE_FIELD_NUMBER: _ClassVar[int]
    STATUS_FIELD_NUMBER: _ClassVar[int]
    symbol: str
    name: str
    kind: str
    currency: str
    tick: str
    lot: str
    price_scale: int
    quantity_scale: int
    reference_price: str
    price_band: Band
    maker_fee: str
    taker_fee: str
    status: str
    def __init__(self, symbol: _Optional[str] = ..., name: _Optional[str] = ..., kind: _Optional[str] = ..., currency: _Optional[str] = ..., tick: _Optional[str] = ..., lot: _Optional[str] = ..., price_scale: _Optional[int] = ..., quantity_scale: _Optional[int] = ..., reference_price: _Optional[str] = ..., price_band: _Optional[_Union[Band, _Mapping]] = ..., maker_fee: _Optional[str] = ..., taker_fee: _Optional[str] = ..., status: _Optional[str] = ...) -> None: ...

class Band(_message.Message):
    __slots__ = ("low", "high")
    LOW_FIELD_NUMBER: _ClassVar[int]
    HIGH_FIELD_NUMBER: _ClassVar[int]
    low: str
    high: str
    def __init__(self, low: _Optional[str] = ..., high: _Optional[str] = ...) -> None: ...

class GetQuotesRequest(_message.Message):
    __slots__ = ("symbols",)
    SYMBOLS_FIELD_NUMBER: _ClassVar[int]
    symbols: _containers.RepeatedScalarFieldContainer[str]
    def __init__(self, symbols: _Optional[_Iterable[str]] = ...) -> None: ...

class Quotes(_message.Message):
    __slots__ = ("items",)
    ITEMS_FIELD_NUMBER: _ClassVar[int]
    items: _containers.RepeatedCompositeFieldContainer[Quote]
    def __init__(self, items: _Optional[_Iterable[_Union[Quote, _Mapping]]] = ...) -> None: ...

class Quote(_message.Message):
    __slots__ = ("symbol", "bid", "bid_size", "ask", "ask_size", "last", "open", "high", "low", "previous_close", "volume", "stale", "seq", "time")
    SYMBOL_FIELD_NUMBER: _ClassVar[int]
    BID_FIELD_NUMBER: _ClassVar[int]
    BID_SIZE_FIELD_NUMBER: _ClassVar[int]
    ASK_FIELD_NUMBER: _ClassVar[int]
    ASK_SIZE_FIELD_NUMBER: _ClassVar[int]
    LAST_FIELD_NUMBER: _ClassVar[int]
    OPEN_FIELD_NUMBER: _ClassVar[int]
    HIGH_FIELD_NUMBER: _ClassVar[int]
    LOW_FIELD_NUMBER: _ClassVar[int]
    PREVIOUS_CLOSE_FIELD_NUMBER: _ClassVar[int]
    VOLUME_FIELD_NUMBER: _ClassVar[int]
    STALE_FIELD_NUMBER: _ClassVar[int]
    SEQ_FIELD_NUMBER: _ClassVar[int]
    TIME_FIELD_NUMBER: _ClassVar[int]
    symbol: str
    bid: str
    bid_size: str
    ask: str
    ask_size: str
    last: str
    open: str
    high: str
    low: str
    previous_close: str
    volume: str
    stale: bool
    seq: int
    time: str
    def __init__(self, symbol: _Optional[str] = ..., bid: _Optional[str] = ..., bid_size: _Optional[str] = ..., ask: _Optional[str] = ..., ask_size: _Optional[str] = ..., last: _Optional[str] = ..., open: _Optional[str] = ..., high: _Optional[str] = ..., low: _Optional[str] = ..., previous_close: _Optional[str] = ..., volume: _Optional[str] = ..., stale: _Optional[bool] = ..., seq: _Optional[int] = ..., time: _Optional[str] = ...) -> None: ...

class GetBookRequest(_message.Message):
    __slots__ = ("symbol", "depth")
    SYMBOL_FIELD_NUMBER: _ClassVar[int]
    DEPTH_FIELD_NUMBER: _ClassVar[int]
    symbol: str
    depth: int
    def __init__(self, symbol: _Optional[str] = ..., depth: _Optional[int] = ...) -> None: ...

class Book(_message.Message):
    __slots__ = ("symbol", "seq", "time", "bids", "asks")
    SYMBOL_FIELD_NUMBER: _ClassVar[int]
    SEQ_FIELD_NUMBER: _ClassVar[int]
    TIME_FIELD_NUMBER: _ClassVar[int]
    BIDS_FIELD_NUMBER: _ClassVar[int]
    ASKS_FIELD_NUMBER: _ClassVar[int]
    symbol: str
    seq: int
    time: str
    bids: _containers.RepeatedCompositeFieldContainer[Level]
    asks: _containers.RepeatedCompositeFieldContainer[Level]
    def __init__(self, symbol: _Optional[str] = ..., seq: _Optional[int] = ..., time: _Optional[str] = ..., bids: _Optional[_Iterable[_Union[Level, _Mapping]]] = ..., asks: _Optional[_Iterable[_Union[Level, _Mapping]]] = ...) -> None: ...

class Level(_message.Message):
    __slots__ = ("price", "quantity")
    PRICE_FIELD_NUMBER: _ClassVar[int]
    QUANTITY_FIELD_NUMBER: _ClassVar[int]
    price: str
    quantity: str
    def __init__(self, price: _Optional[str] = ..., quantity: _Optional[str] = ...) -> None: ...

class GetOrdersRequest(_message.Message):
    __slots__ = ("status", "symbol", "cursor", "limit")
    STATUS_FIELD_NUMBER: _ClassVar[int]
    SYMBOL_FIELD_NUMBER: _ClassVar[int]
    CURSOR_FIELD_NUMBER: _ClassVar[int]
    LIMIT_FIELD_NUMBER: _ClassVar[int]
    status: _containers.RepeatedScalarFieldContainer[str]
    symbol: str
    cursor: str
    limit: int
    def __init__(self, status: _Optional[_Iterable[str]] = ..., symbol: _Optional[str] = ..., cursor: _Optional[str] = ..., limit: _Optional[int] = ...) -> None: ...

class Orders(_message.Message):
    __slots__ = ("items", "next")
    ITEMS_FIELD_NUMBER: _ClassVar[int]
    NEXT_FIELD_NUMBER: _ClassVar[int]
    items: _containers.RepeatedCompositeFieldContainer[Order]
    next: str
    def __init__(self, items: _Optional[_Iterable[_Union[Order, _Mapping]]] = ..., next: _Optional[str] = ...) -> None: ...

class GetOrderRequest(_message.Message):
    __slots__ = ("id",)
    ID_FIELD_NUMBER: _ClassVar[int]
    id: str
    def __init__(self, id: _Optional[str] = ...) -> None: ...

class Order(_message.Message):
    __slots__ = ("id", "client_order_id", "symbol", "side", "type", "tif", "quantity", "limit_price", "stop_price", "status", "filled_quantity", "average_price", "fees", "currency", "reason", "created_at", "updated_at", "reserved", "history", "fills")
    ID_FIELD_NUMBER: _ClassVar[int]
    CLIENT_ORDER_ID_FIELD_NUMBER: _ClassVar[int]
    SYMBOL_FIELD_NUMBER: _ClassVar[int]
    SIDE_FIELD_NUMBER: _ClassVar[int]
    TYPE_FIELD_NUMBER: _ClassVar[int]
    TIF_FIELD_NUMBER: _ClassVar[int]
    QUANTITY_FIELD_NUMBER: _ClassVar[int]
    LIMIT_PRICE_FIELD_NUMBER: _ClassVar[int]
    STOP_PRICE_FIELD_NUMBER: _ClassVar[int]
    STATUS_FIELD_NUMBER: _ClassVar[int]
    FILLED_QUANTITY_FIELD_NUMBER: _ClassVar[int]
    AVERAGE_PRICE_FIELD_NUMBER: _ClassVar[int]
    FEES_FIELD_NUMBER: _ClassVar[int]
    CURRENCY_FIELD_NUMBER: _ClassVar[int]
    REASON_FIELD_NUMBER: _ClassVar[int]
    CREATED_AT_FIELD_NUMBER: _ClassVar[int]
    UPDATED_AT_FIELD_NUMBER: _ClassVar[int]
    RESERVED_FIELD_NUMBER: _ClassVar[int]
    HISTORY_FIELD_NUMBER: _ClassVar[int]
    FILLS_FIELD_NUMBER: _ClassVar[int]
    id: str
    client_order_id: str
    symbol: str
    side: str
    type: str
    tif: str
    quantity: str
    limit_price: str
    stop_price: str
    status: str
    filled_quantity: str
    average_price: str
    fees: str
    currency: str
    reason: str
    created_at: str
    updated_at: str
    reserved: str
    history: _containers.RepeatedCompositeFieldContainer[HistoryLine]
    fills: _containers.RepeatedCompositeFieldContainer[Fill]
    def __init__(self, id: _Optional[str] = ..., client_order_id: _Optional[str] = ..., symbol: _Optional[str] = ..., side: _Optional[str] = ..., type: _Optional[str] = ..., tif: _Optional[str] = ..., quantity: _Optional[str] = ..., limit_price: _Optional[str] = ..., stop_price: _Optional[str] = ..., status: _Optional[str] = ..., filled_quantity: _Optional[str] = ..., average_price: _Optional[str] = ..., fees: _Optional[str] = ..., currency: _Optional[str] = ..., reason: _Optional[str] = ..., created_at: _Optional[str] = ..., updated_at: _Optional[str] = ..., reserved: _Optional[str] = ..., history: _Optional[_Iterable[_Union[HistoryLine, _Mapping]]] = ..., fills: _Optional[_Iterable[_Union[Fill, _Mapping]]] = ...) -> None: ...

class HistoryLine(_message.Message):
    __slots__ = ("event", "status", "filled_quantity", "reason", "time")
    EVENT_FIELD_NUMBER: _ClassVar[int]
    STATUS_FIELD_NUMBER: _ClassVar[int]
    FILLED_QUANTITY_FIELD_NUMBER: _ClassVar[int]
    REASON_FIELD_NUMBER: _ClassVar[int]
    TIME_FIELD_NUMBER: _ClassVar[int]
    event: str
    status: str
    filled_quantity: str
    reason: str
    time: str
    def __init__(self, event: _Optional[str] = ..., status: _Optional[str] = ..., filled_quantity: _Optional[str] = ..., reason: _Optional[str] = ..., time: _Optional[str] = ...) -> None: ...

class Fill(_message.Message):
    __slots__ = ("id", "order_id", "symbol", "side", "price", "quantity", "cost", "fee", "currency", "liquidity", "time", "reverses")
    ID_FIELD_NUMBER: _ClassVar[int]
    ORDER_ID_FIELD_NUMBER: _ClassVar[int]
    SYMBOL_FIELD_NUMBER: _ClassVar[int]
    SIDE_FIELD_NUMBER: _ClassVar[int]
    PRICE_FIELD_NUMBER: _ClassVar[int]
    QUANTITY_FIELD_NUMBER: _ClassVar[int]
    COST_FIELD_NUMBER: _ClassVar[int]
    FEE_FIELD_NUMBER: _ClassVar[int]
    CURRENCY_FIELD_NUMBER: _ClassVar[int]
    LIQUIDITY_FIELD_NUMBER: _ClassVar[int]
    TIME_FIELD_NUMBER: _ClassVar[int]
    REVERSES_FIELD_NUMBER: _ClassVar[int]
    id: str
    order_id: str
    symbol: str
    side: str
    price: str
    quantity: str
    cost: str
    fee: str
    currency: str
    liquidity: str
    time: str
    reverses: str
    def __init__(self, id: _Optional[str] = ..., order_id: _Optional[str] = ..., symbol: _Optional[str] = ..., side: _Optional[str] = ..., price: _Optional[str] = ..., quantity: _Optional[str] = ..., cost: _Optional[str] = ..., fee: _Optional[str] = ..., currency: _Optional[str] = ..., liquidity: _Optional[str] = ..., time: _Optional[str] = ..., reverses: _Optional[str] = ...) -> None: ...

class PlaceOrderRequest(_message.Message):
    __slots__ = ("client_order_id", "symbol", "side", "type", "tif", "quantity", "limit_price", "stop_price")
    CLIENT_ORDER_ID_FIELD_NUMBER: _ClassVar[int]
    SYMBOL_FIELD_NUMBER: _ClassVar[int]
    SIDE_FIELD_NUMBER: _ClassVar[int]
    TYPE_FIELD_NUMBER: _ClassVar[int]
    TIF_FIELD_NUMBER: _ClassVar[int]
    QUANTITY_FIELD_NUMBER: _ClassVar[int]
    LIMIT_PRICE_FIELD_NUMBER: _ClassVar[int]
    STOP_PRICE_FIELD_NUMBER: _ClassVar[int]
    client_order_id: str
    symbol: str
    side: str
    type: str
    tif: str
    quantity: str
    limit_price: str
    stop_price: str
    def __init__(self, client_order_id: _Optional[str] = ..., symbol: _Optional[str] = ..., side: _Optional[str] = ..., type: _Optional[str] = ..., tif: _Optional[str] = ..., quantity: _Optional[str] = ..., limit_price: _Optional[str] = ..., stop_price: _Optional[str] = ...) -> None: ...

class CancelOrderRequest(_message.Message):
    __slots__ = ("id",)
    ID_FIELD_NUMBER: _ClassVar[int]
    id: str
    def __init__(self, id: _Optional[str] = ...) -> None: ...

class ReplaceOrderRequest(_message.Message):
    __slots__ = ("id", "quantity", "limit_price", "stop_price")
    ID_FIELD_NUMBER: _ClassVar[int]
    QUANTITY_FIELD_NUMBER: _ClassVar[int]
    LIMIT_PRICE_FIELD_NUMBER: _ClassVar[int]
    STOP_PRICE_FIELD_NUMBER: _ClassVar[int]
    id: str
    quantity: str
    limit_price: str
    stop_price: str
    def __init__(self, id: _Optional[str] = ..., quantity: _Optional[str] = ..., limit_price: _Optional[str] = ..., stop_price: _Optional[str] = ...) -> None: ...

class GetPortfolioRequest(_message.Message):
    __slots__ = ()
    def __init__(self) -> None: ...

class Portfolio(_message.Message):
    __slots__ = ("cash", "positions")
    CASH_FIELD_NUMBER: _ClassVar[int]
    POSITIONS_FIELD_NUMBER: _ClassVar[int]
    cash: _containers.RepeatedCompositeFieldContainer[Cash]
    positions: _containers.RepeatedCompositeFieldContainer[Position]
    def __init__(self, cash: _Optional[_Iterable[_Union[Cash, _Mapping]]] = ..., positions: _Optional[_Iterable[_Union[Position, _Mapping]]] = ...) -> None: ...

class Cash(_message.Message):
    __slots__ = ("currency", "total", "reserved", "free")
    CURRENCY_FIELD_NUMBER: _ClassVar[int]
    TOTAL_FIELD_NUMBER: _ClassVar[int]
    RESERVED_FIELD_NUMBER: _ClassVar[int]
    FREE_FIELD_NUMBER: _ClassVar[int]
    currency: str
    total: str
    reserved: str
    free: str
    def __init__(self, currency: _Optional[str] = ..., total: _Optional[str] = ..., reserved: _Optional[str] = ..., free: _Optional[str] = ...) -> None: ...

class Position(_message.Message):
    __slots__ = ("symbol", "currency", "quantity", "reserved", "cost", "average_cost", "realised", "realised_fifo", "market_value", "unrealised", "day_change")
    SYMBOL_FIELD_NUMBER: _ClassVar[int]
    CURRENCY_FIELD_NUMBER: _ClassVar[int]
    QUANTITY_FIELD_NUMBER: _ClassVar[int]
    RESERVED_FIELD_NUMBER: _ClassVar[int]
    COST_FIELD_NUMBER: _ClassVar[int]
    AVERAGE_COST_FIELD_NUMBER: _ClassVar[int]
    REALISED_FIELD_NUMBER: _ClassVar[int]
    REALISED_FIFO_FIELD_NUMBER: _ClassVar[int]
    MARKET_VALUE_FIELD_NUMBER: _ClassVar[int]
    UNREALISED_FIELD_NUMBER: _ClassVar[int]
    DAY_CHANGE_FIELD_NUMBER: _ClassVar[int]
    symbol: str
    currency: str
    quantity: str
    reserved: str
    cost: str
    average_cost: str
    realised: str
    realised_fifo: str
    market_value: str
    unrealised: str
    day_change: str
    def __init__(self, symbol: _Optional[str] = ..., currency: _Optional[str] = ..., quantity: _Optional[str] = ..., reserved: _Optional[str] = ..., cost: _Optional[str] = ..., average_cost: _Optional[str] = ..., realised: _Optional[str] = ..., realised_fifo: _Optional[str] = ..., market_value: _Optional[str] = ..., unrealised: _Optional[str] = ..., day_change: _Optional[str] = ...) -> None: ...
