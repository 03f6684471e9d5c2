"""Advice in words, in both languages."""

from services.recommendations.domain.advice import Advice

SIDES = {"en": {"buy": "buy", "sell": "sell"}, "ru": {"buy": "покупать", "sell": "продавать"}}
WHY = {
    "en": {"held": "You hold {symbol}", "watched": "You watch {symbol}"},
    "ru": {"held": "У вас есть {symbol}", "watched": "Вы следите за {symbol}"},
}
SIGNALS = {
    "en": "{why}: {agreeing} of the {all} strategies with a signal say {side}. {reason}",
    "ru": "{why}: стратегий, советующих {side}, — {agreeing} из {all} с сигналом. {reason}",
}
CONCENTRATION = {
    "en": "{symbol} is {share} % of what you have in {currency}: {value} of {equity}.",
    "ru": "{symbol} — это {share} % всего, что у вас есть в {currency}: {value} из {equity}.",
}
IDLE = {
    "en": "{share} % of what you have in {currency} lies idle: {free} of {equity}.",
    "ru": "{share} % всего, что у вас есть в {currency}, лежит без дела: {free} из {equity}.",
}


def counsel(advice: Advice) -> dict[str, str]:
    """The sentence by language."""
    if advice.kind == "signals":
        return {language: of_signals(advice, language) for language in SIGNALS}
    words = CONCENTRATION if advice.kind == "concentration" else IDLE
    terms = {"symbol": advice.symbol, "currency": advice.currency, **advice.numbers}
    return {language: sentence.format_map(terms) for language, sentence in words.items()}


def of_signals(advice: Advice, language: str) -> str:
    """What most of them say, and why the strongest of these does."""
    agreeing = [signal for signal in advice.signals if signal.side == advice.side]
    return SIGNALS[language].format(
        why=WHY[language][advice.because or "held"].format(symbol=advice.symbol),
        agreeing=len(agreeing),
        all=len(advice.signals),
        side=SIDES[language][agreeing[0].side],
        reason=agreeing[0].reason[language],
    )
