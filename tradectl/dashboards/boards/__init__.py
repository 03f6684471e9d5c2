"""Every dashboard, in the order of Grafana's list."""

from tradectl.dashboards.boards import (
    capacity,
    fix,
    market,
    mysql,
    orders,
    platform,
    rabbitmq,
    redis,
    release,
    service,
)
from tradectl.dashboards.model import Board

BOARDS: tuple[Board, ...] = (
    platform.BOARD,
    service.BOARD,
    orders.BOARD,
    market.BOARD,
    fix.BOARD,
    rabbitmq.BOARD,
    mysql.BOARD,
    redis.BOARD,
    release.BOARD,
    capacity.BOARD,
)

__all__ = ["BOARDS"]
