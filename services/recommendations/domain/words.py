"""A signal in words, in both languages, with its numbers."""

from collections.abc import Mapping

from services.recommendations.domain.record import Record
from services.recommendations.domain.strategies import FAST, SLOW, Name, Sighting

WORDS: dict[Name, dict[str, dict[str, str]]] = {
    "sma_cross": {
        "en": {
            "buy": f"The {FAST}-bar average {{fast}} crossed above the {SLOW}-bar average {{slow}}.",
            "sell": f"The {FAST}-bar average {{fast}} crossed below the {SLOW}-bar average {{slow}}.",
        },
        "ru": {
            "buy": f"Средняя за {FAST} баров {{fast}} пересекла снизу вверх среднюю за {SLOW} баров {{slow}}.",
            "sell": f"Средняя за {FAST} баров {{fast}} пересекла сверху вниз среднюю за {SLOW} баров {{slow}}.",
        },
    },
    "ema_cross": {
        "en": {
            "buy": f"The {FAST}-bar exponential average {{fast}} crossed above the {SLOW}-bar one, {{slow}}.",
            "sell": f"The {FAST}-bar exponential average {{fast}} crossed below the {SLOW}-bar one, {{slow}}.",
        },
        "ru": {
            "buy": f"Экспоненциальная средняя за {FAST} баров {{fast}} поднялась выше средней за {SLOW}: {{slow}}.",
            "sell": f"Экспоненциальная средняя за {FAST} баров {{fast}} опустилась ниже средней за {SLOW}: {{slow}}.",
        },
    },
    "rsi": {
        "en": {
            "buy": "RSI 14 fell from {before} to {rsi}: oversold, below 30.",
            "sell": "RSI 14 rose from {before} to {rsi}: overbought, above 70.",
        },
        "ru": {
            "buy": "RSI 14 снизился с {before} до {rsi}: перепроданность, ниже 30.",
            "sell": "RSI 14 вырос с {before} до {rsi}: перекупленность, выше 70.",
        },
    },
    "macd": {
        "en": {
            "buy": "MACD 12/26 {macd} crossed above its signal line {signal}.",
            "sell": "MACD 12/26 {macd} crossed below its signal line {signal}.",
        },
        "ru": {
            "buy": "MACD 12/26 {macd} пересёк сигнальную линию {signal} снизу вверх.",
            "sell": "MACD 12/26 {macd} пересёк сигнальную линию {signal} сверху вниз.",
        },
    },
    "bollinger": {
        "en": {
            "buy": "The close {close} is below the lower Bollinger band {lower} (20, 2).",
            "sell": "The close {close} is above the upper Bollinger band {upper} (20, 2).",
        },
        "ru": {
            "buy": "Цена закрытия {close} ниже нижней полосы Боллинджера {lower} (20, 2).",
            "sell": "Цена закрытия {close} выше верхней полосы Боллинджера {upper} (20, 2).",
        },
    },
}
PAST = {
    "en": "On the stored bars it was right {right} times of {signals} within the hour.",
    "ru": "На сохранённых барах за час он оказался верен {right} раз из {signals}.",
}
NO_PAST = {
    "en": "The stored bars have no such signal to judge it by.",
    "ru": "На сохранённых барах таких сигналов не было.",
}


def numbers_of(sighting: Sighting) -> dict[str, str]:
    """The numbers as text, two decimals."""
    return {name: f"{value:.2f}" for name, value in sighting.numbers.items()}


def reason(name: Name, sighting: Sighting, record: Record) -> dict[str, str]:
    """The sentence by language, with how that strategy did before."""
    numbers = numbers_of(sighting)
    return {
        language: f"{WORDS[name][language][sighting.side].format_map(numbers)} {past(language, record)}"
        for language in ("en", "ru")
    }


def past(language: str, record: Record) -> str:
    """The strategy's record in words."""
    if not record.signals:
        return NO_PAST[language]
    return PAST[language].format(right=record.right, signals=record.signals)


def record_numbers(record: Record) -> Mapping[str, str]:
    """The record as text."""
    rate = record.hit_rate
    return {
        "signals": str(record.signals),
        "right": str(record.right),
        "hit_rate": "-" if rate is None else f"{rate}%",
    }
