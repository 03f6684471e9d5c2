"""The words, by kind and language; ``{name}`` is replaced by a fact of the event."""

from typing import Literal, NamedTuple

Language = Literal["en", "ru"]


class Template(NamedTuple):
    """Title (the mail's subject) and text."""

    title: str
    text: str


SIDES = {"en": {"buy": "Buy", "sell": "Sell"}, "ru": {"buy": "Покупка", "sell": "Продажа"}}
REASONS = {
    "en": {
        "not_sent": "it could not be sent to the broker",
        "no_liquidity": "there was nothing to trade with",
        "requested": "you asked for it",
        "trade_busted": "the trade was made in error",
        "insufficient_cash": "not enough is free",
    },
    "ru": {
        "not_sent": "её не удалось передать брокеру",
        "no_liquidity": "не нашлось встречных заявок",
        "requested": "по вашей просьбе",
        "trade_busted": "сделка была ошибочной",
        "insufficient_cash": "недостаточно свободных средств",
    },
}
KINDS: dict[str, dict[Language, Template]] = {
    "verification": {
        "en": Template("Confirm your address", "Welcome, {display_name}!\nYour code is {code}."),
        "ru": Template("Подтвердите адрес", "Здравствуйте, {display_name}!\nВаш код: {code}."),
    },
    "welcome": {
        "en": Template("Your account is open", "Your address is confirmed. You can log in and trade."),
        "ru": Template("Счёт открыт", "Адрес подтверждён. Можно входить и торговать."),
    },
    "login_locked": {
        "en": Template(
            "Log-in locked",
            "{failures} attempts to log in to your account have failed. Until {until} nobody can log in, not even with "
            "the right password; whoever is logged in stays so.\nIf it was not you, somebody is trying passwords.",
        ),
        "ru": Template(
            "Вход заблокирован",
            "Неудачных попыток войти в ваш аккаунт: {failures}. До {until} войти нельзя даже с верным паролем; кто уже "
            "вошёл, остаётся.\nЕсли это были не вы, кто-то подбирает пароль.",
        ),
    },
    "password_reset": {
        "en": Template(
            "A new password",
            "Somebody has asked for a new password for your account. The code is {code}.\n"
            "If it was not you, do nothing.",
        ),
        "ru": Template(
            "Новый пароль",
            "Кто-то запросил новый пароль для вашего аккаунта. Код: {code}.\nЕсли это были не вы, ничего не делайте.",
        ),
    },
    "password_changed": {
        "en": Template(
            "Password changed",
            "Your account has a new password, and everybody who was logged in is logged out.\n"
            "If it was not you, set another one at once.",
        ),
        "ru": Template(
            "Пароль изменён",
            "У вашего аккаунта новый пароль, все входы завершены.\nЕсли это были не вы, сразу смените его.",
        ),
    },
    "second_factor_on": {
        "en": Template(
            "Authenticator switched on",
            "Log-ins to your account ask for a code of your authenticator from now on.\n"
            "If it was not you, set another password at once.",
        ),
        "ru": Template(
            "Двухфакторный вход включён",
            "Теперь при входе в ваш аккаунт нужен код из приложения.\nЕсли это были не вы, сразу смените пароль.",
        ),
    },
    "second_factor_off": {
        "en": Template(
            "Authenticator switched off",
            "Log-ins to your account do not ask for a code of an authenticator any more.\n"
            "If it was not you, set another password at once.",
        ),
        "ru": Template(
            "Двухфакторный вход выключен",
            "При входе в ваш аккаунт больше не нужен код из приложения.\nЕсли это были не вы, сразу смените пароль.",
        ),
    },
    "order_filled": {
        "en": Template(
            "{side} {symbol}: filled",
            "{side} {quantity} {symbol} is filled at {price} {currency} on average. Fees: {fees} {currency}.",
        ),
        "ru": Template(
            "{side} {symbol}: исполнена",
            "{side} {quantity} {symbol} исполнена по средней цене {price} {currency}. Комиссия: {fees} {currency}.",
        ),
    },
    "order_cancelled": {
        "en": Template(
            "{side} {symbol}: cancelled",
            "{side} {quantity} {symbol} is cancelled; filled: {filled}. Reason: {reason}.",
        ),
        "ru": Template(
            "{side} {symbol}: отменена",
            "{side} {quantity} {symbol} отменена; исполнено: {filled}. Причина: {reason}.",
        ),
    },
    "order_rejected": {
        "en": Template("{side} {symbol}: rejected", "{side} {quantity} {symbol} is rejected. Reason: {reason}."),
        "ru": Template("{side} {symbol}: отклонена", "{side} {quantity} {symbol} отклонена. Причина: {reason}."),
    },
    "order_expired": {
        "en": Template("{side} {symbol}: expired", "{side} {quantity} {symbol} has expired; filled: {filled}."),
        "ru": Template(
            "{side} {symbol}: срок истёк", "Срок заявки истёк: {side} {quantity} {symbol}; исполнено: {filled}."
        ),
    },
    "trade_busted": {
        "en": Template(
            "{side} {symbol}: a trade was taken back",
            "The broker has taken a trade of {when} back: {side} {traded} {symbol} at {at} {currency} never was. "
            "Its cost and its fee are booked back; filled: {filled} of {quantity}.",
        ),
        "ru": Template(
            "{side} {symbol}: сделка аннулирована",
            "Брокер аннулировал сделку от {when}: {side} {traded} {symbol} по цене {at} {currency}. Её сумма и "
            "комиссия проведены обратно; исполнено: {filled} из {quantity}.",
        ),
    },
    "trade_corrected": {
        "en": Template(
            "{side} {symbol}: a trade was corrected",
            "The broker has corrected a trade of {when}: {side} {symbol}, not {traded} at {at} {currency} but "
            "{corrected} at {corrected_at} {currency}. Filled: {filled} of {quantity}.",
        ),
        "ru": Template(
            "{side} {symbol}: сделка исправлена",
            "Брокер исправил сделку от {when}: {side} {symbol}, не {traded} по цене {at} {currency}, а {corrected} "
            "по цене {corrected_at} {currency}. Исполнено: {filled} из {quantity}.",
        ),
    },
    "deposit_credited": {
        "en": Template("Deposit credited", "{amount} {asset} is on your account."),
        "ru": Template("Счёт пополнен", "На счёт зачислено {amount} {asset}."),
    },
    "withdrawal_settled": {
        "en": Template("Withdrawal done", "{amount} {asset} has left your account."),
        "ru": Template("Средства выведены", "Со счёта списано {amount} {asset}."),
    },
    "withdrawal_declined": {
        "en": Template("Withdrawal declined", "{amount} {asset} stays on your account. Reason: {reason}."),
        "ru": Template("Вывод отклонён", "{amount} {asset} остаётся на счёте. Причина: {reason}."),
    },
    "user_mentioned": {
        "en": Template("{author} mentioned you", "{author} in “{topic}”: {text}"),
        "ru": Template("Вас упоминает {author}", "{author} в теме «{topic}»: {text}"),
    },
    "alert_price_above": {
        "en": Template(
            "{symbol} is at {price}",
            "{symbol} has risen to {price} {currency}. Your alert was for {threshold} or more.",
        ),
        "ru": Template(
            "{symbol}: {price}", "{symbol} вырос до {price} {currency}. Вы просили сообщить с {threshold} и выше."
        ),
    },
    "alert_price_below": {
        "en": Template(
            "{symbol} is at {price}",
            "{symbol} has fallen to {price} {currency}. Your alert was for {threshold} or less.",
        ),
        "ru": Template(
            "{symbol}: {price}", "{symbol} упал до {price} {currency}. Вы просили сообщить с {threshold} и ниже."
        ),
    },
    "alert_change_above": {
        "en": Template(
            "{symbol}: {change} %",
            "{symbol} is at {price} {currency}, {change} % over the day. Your alert was for {threshold} % or more.",
        ),
        "ru": Template(
            "{symbol}: {change} %",
            "{symbol}: {price} {currency}, {change} % за день. Вы просили сообщить с {threshold} % и выше.",
        ),
    },
    "alert_change_below": {
        "en": Template(
            "{symbol}: {change} %",
            "{symbol} is at {price} {currency}, {change} % over the day. Your alert was for {threshold} % or less.",
        ),
        "ru": Template(
            "{symbol}: {change} %",
            "{symbol}: {price} {currency}, {change} % за день. Вы просили сообщить с {threshold} % и ниже.",
        ),
    },
}
