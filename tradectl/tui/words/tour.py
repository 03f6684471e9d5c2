"""Words of `tradectl demo`: what its callouts say."""

WORDS = {
    "tour.keys": (
        "space: go on · Esc: trade yourself · q: leave",
        "пробел: дальше · Esc: торговать самому · q: выход",
    ),
    "tour.step": (
        "{n} of {all}",
        "{n} из {all}",
    ),
    "tour.market": (
        "This is a market of recorded prices and of agents: watchlist, candles, the depth of {symbol}, its trades.",
        "Это рынок из записанных цен и агентов: список наблюдения, свечи, стакан {symbol}, лента сделок.",
    ),
    "tour.sent": (
        "An agent trades for you: buy {quantity} {symbol} at the market. The order goes by FIX to the broker.",
        "За вас торгует агент: купить {quantity} {symbol} по рынку. Заявка идёт по FIX к брокеру.",
    ),
    "tour.filled": (
        "Filled at {time}: {quantity} {symbol} at {price}, fee {fee} {currency}. The price is the venue's book's.",
        "Исполнена в {time}: {quantity} {symbol} по {price}, комиссия {fee} {currency}. Цена из стакана биржи.",
    ),
    "tour.waits": (
        "The order waits: the market is paused or its session is over (`tradectl clock`). The tour goes on.",
        "Заявка ждёт: рынок на паузе или сессия закрыта (`tradectl clock`). Экскурсия идёт дальше.",
    ),
    "tour.resting": (
        "A limit order waits in the book for its price. The ticket shows its cost as you type; this one is cancelled.",
        "Лимитная заявка ждёт своей цены в стакане. Форма сразу показывает стоимость; эту заявку агент снимет.",
    ),
    "tour.portfolio": (
        "The portfolio has what was bought, at its average cost with the fee in it, and what it is worth now.",
        "В портфеле то, что куплено, по средней цене с комиссией, и сколько это стоит сейчас.",
    ),
    "tour.ideas": (
        "Strategies look at every closed bar and say why they would buy or sell; a backtest tries one on the past.",
        "Стратегии смотрят на каждый закрытый бар и говорят, почему купить или продать; бэктест проверяет.",
    ),
    "tour.system": (
        "It is a sandbox: you can stop its clock, break its network and watch it recover. Nothing here is real money.",
        "Это песочница: можно остановить часы, сломать сеть и смотреть, как всё восстановится. Деньги не настоящие.",
    ),
    "tour.end": (
        "Now it is yours: `t` opens a ticket, `?` shows every key, `:` finds every command, `q` leaves.",
        "Теперь вы: `t` открывает заявку, `?` показывает все клавиши, `:` находит команды, `q` выходит.",
    ),
    "tour.failed": (
        "The agent was refused: {why}",
        "Агенту отказано: {why}",
    ),
}
