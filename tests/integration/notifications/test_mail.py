"""What arrives by mail: once, in the reader's language, with nothing smuggled in, and after the server was away."""

from pathlib import Path

from sqlalchemy import update

from services.contracts.events.auth import (
    LoginLocked,
    PasswordChanged,
    PasswordForgotten,
    SecondFactorChanged,
    UserVerified,
)
from services.contracts.events.chat import UserMentioned
from services.contracts.events.orders import CashCredited, OrderCancelled
from services.contracts.events.portfolio import WithdrawalDeclined, WithdrawalSettled
from services.kernel.database import Database
from services.kernel.uow import UnitOfWork
from services.notifications.store.tables import deliveries
from services.runtime.clock import WALL
from services.runtime.resources import Running
from tests import parts
from tests.eventually import eventually
from tests.integration.neighbours import settled
from tests.integration.notifications.desk import (
    FAST,
    order_filled,
    post_office,
    profile,
    registered,
    service,
)
from tests.integration.people import client, figures_of, state_of
from tests.integration.portfolio.desk import order


async def sent(running: Running, count: int) -> list[dict[str, object]]:
    """The deliveries, once so many have left."""

    async def done() -> list[dict[str, object]]:
        rows = (await state_of(running))["deliveries"]
        return rows if [row["status"] for row in rows] == ["sent"] * count else []

    return await eventually(done)


async def test_a_code_is_mailed_and_shown_nowhere_else(tmp_path: Path) -> None:
    async with post_office(tmp_path) as (around, post), service(around) as running:
        await around.publish(registered(), profile())
        (mail,) = await post.arrived("ann@example.org")
        assert mail["subject"] == "Confirm your address"
        assert "Welcome, Ann!" in mail["text"]
        assert "123456" in mail["text"]
        assert "<p>Your code is 123456.</p>" in mail["html"]
        await sent(running, 1)
        assert (await running.settled())["mails"] == 0
        assert mail["from"] == "no-reply@tradectl.invalid"
        async with client(running, "ann") as ann:
            assert (await ann.get("/notifications")).json() == {"items": [], "next": None, "unread": 0}


async def test_words_are_in_the_readers_language(tmp_path: Path) -> None:
    async with post_office(tmp_path) as (around, post), service(around):
        await around.publish(registered("boris", "ru", "Борис"), profile("boris", "ru"))
        (mail,) = await post.arrived("boris@example.org")
        assert mail["subject"] == "Подтвердите адрес"
        assert "Здравствуйте, Борис!" in mail["text"]
        await around.publish(profile("ann", "ru"), order_filled())
        (mail,) = await post.arrived("ann@example.org")
        assert mail["subject"] == "Покупка AAPL: исполнена"
        await around.publish(profile("ann", "en"), OrderCancelled(order=order(number=2)))
        _, mail = await post.arrived("ann@example.org", 2)
        assert mail["subject"] == "Buy AAPL: cancelled"


async def test_a_deposit_is_told_in_its_own_scale(tmp_path: Path) -> None:
    async with post_office(tmp_path) as (around, post), service(around):
        deposits = [("USD", 100_050, 2), ("BTCUSDT", 50_000, 5), ("AAPL", 7, 0)]
        await around.publish(
            profile(),
            *(
                CashCredited(deposit_id=asset, account_id="ann", asset=asset, amount=amount, scale=scale)
                for asset, amount, scale in deposits
            ),
        )
        mails = await post.arrived("ann@example.org", 3)
        assert {mail["text"].strip() for mail in mails} == {
            "1000.50 USD is on your account.",
            "0.50000 BTCUSDT is on your account.",
            "7 AAPL is on your account.",
        }


async def test_a_withdrawal_is_told_with_what_became_of_it(tmp_path: Path) -> None:
    facts = {"withdrawal_id": "w", "asset": "USD", "amount": 30_000, "scale": 2}
    async with post_office(tmp_path) as (around, post), service(around) as running:
        await around.publish(
            profile(),
            profile("boris", "ru"),
            WithdrawalSettled(account_id="ann", **facts),  # type: ignore[arg-type]
            WithdrawalDeclined(account_id="boris", reason="insufficient_cash", **facts),  # type: ignore[arg-type]
        )
        (mail,) = await post.arrived("ann@example.org")
        assert (mail["subject"], mail["text"].strip()) == ("Withdrawal done", "300.00 USD has left your account.")
        (mail,) = await post.arrived("boris@example.org")
        assert mail["subject"] == "Вывод отклонён"
        assert mail["text"].strip() == "300.00 USD остаётся на счёте. Причина: недостаточно свободных средств."
        async with client(running, "ann") as ann:
            (told,) = (await ann.get("/notifications")).json()["items"]
            assert (told["kind"], told["title"]) == ("withdrawal_settled", "Withdrawal done")


async def test_a_locked_account_is_told_to_its_owner(tmp_path: Path) -> None:
    until = 1_723_101_000_000_001
    async with post_office(tmp_path) as (around, post), service(around):
        locked = [LoginLocked(user_id=user, failures=10, until=until) for user in ("ann", "boris")]
        await around.publish(profile(), profile("boris", "ru"), *locked)
        (mail,) = await post.arrived("ann@example.org")
        assert mail["subject"] == "Log-in locked"
        assert "10 attempts" in mail["text"]
        assert "Until 2024-08-08 07:11 UTC" in mail["text"]
        (mail,) = await post.arrived("boris@example.org")
        assert (mail["subject"], "До 2024-08-08 07:11 UTC" in mail["text"]) == ("Вход заблокирован", True)


async def test_a_new_password_is_told_and_its_code_shown_nowhere_else(tmp_path: Path) -> None:
    async with post_office(tmp_path) as (around, post), service(around) as running:
        told = [PasswordForgotten(user_id="ann", code="7K3QF-9M2XA"), PasswordChanged(user_id="boris")]
        await around.publish(profile(), profile("boris", "ru"), *told)
        (mail,) = await post.arrived("ann@example.org")
        assert (mail["subject"], "The code is 7K3QF-9M2XA." in mail["text"]) == ("A new password", True)
        (mail,) = await post.arrived("boris@example.org")
        assert mail["subject"] == "Пароль изменён"
        async with client(running, "ann") as ann, client(running, "boris") as boris:
            assert (await ann.get("/notifications")).json()["items"] == []
            (shown,) = (await boris.get("/notifications")).json()["items"]
            assert shown["kind"] == "password_changed"


async def test_a_second_factor_that_comes_or_goes_is_told_to_its_owner(tmp_path: Path) -> None:
    async with post_office(tmp_path) as (around, post), service(around):
        changed = [
            SecondFactorChanged(user_id="ann", enabled=True),
            SecondFactorChanged(user_id="boris", enabled=False),
        ]
        await around.publish(profile(), profile("boris", "ru"), *changed)
        (mail,) = await post.arrived("ann@example.org")
        assert mail["subject"] == "Authenticator switched on"
        (mail,) = await post.arrived("boris@example.org")
        assert mail["subject"] == "Двухфакторный вход выключен"


async def test_whatever_is_delivered_again_is_one_mail(tmp_path: Path) -> None:
    async with post_office(tmp_path) as (around, post), service(around) as running:
        envelopes = await around.publish(profile(), order_filled(), UserVerified(user_id="ann"))
        await sent(running, 2)
        for _ in range(3):
            await around.deliver(envelopes)
        await settled(running)
        await around.publish(order_filled(2))
        await sent(running, 3)
        mails = await post.mails("ann@example.org")
        assert [mail["deliveries"] for mail in mails] == [1, 1, 1]
        counted = await figures_of(running)
        assert counted['notifications_created_total{about="order_filled"}'] == 2
        assert counted['notifications_deliveries_total{channel="mail",outcome="sent"}'] == 3


async def test_a_mail_that_left_before_its_mark_was_kept_is_known_as_the_same(tmp_path: Path) -> None:
    """The service was killed between the two: the Message-ID tells the gateway."""
    async with post_office(tmp_path) as (around, post):
        async with service(around) as running:
            await around.publish(profile(), order_filled())
            (row,) = await sent(running, 1)
        await _unsend(tmp_path, str(row["notification_id"]))
        async with service(around) as running:
            await sent(running, 1)
            (mail,) = await post.mails("ann@example.org")
        assert mail["deliveries"] == 2
        assert mail["message_id"] == f"<{row['notification_id']}.mail@tradectl.invalid>"


async def _unsend(folder: Path, notification_id: str) -> None:
    database = Database(parts.of(folder).database("notifications"), WALL)

    async def undo(uow: UnitOfWork) -> None:
        this = deliveries.c.notification_id == notification_id
        await uow.execute(update(deliveries).where(this).values(status="pending", due=0))

    await database.transact(undo)
    await database.close()


NAMES = [
    "Ann\r\nBcc: eve@example.org",
    "Ann\nSubject: hello\n\nanother body",
    "Ann\u2028X-Evil: 1",
    "Ann\x0bX-Evil: 1",
    "{code.__class__}",
    "=?utf-8?q?X?=",
    "<script>alert(1)</script>",
]
HEADERS = {
    "from",
    "to",
    "subject",
    "date",
    "message-id",
    "mime-version",
    "content-type",
    "content-transfer-encoding",
}


async def test_no_header_and_no_markup_is_smuggled_in_by_a_name(tmp_path: Path) -> None:
    async with post_office(tmp_path) as (around, post), service(around):
        await around.publish(*(registered(f"user{number}", name=name) for number, name in enumerate(NAMES)))
        for number, name in enumerate(NAMES):
            (mail,) = await post.arrived(f"user{number}@example.org")
            assert mail["to"] == [f"user{number}@example.org"]
            assert {header.lower() for header, _ in mail["headers"]} <= HEADERS
            assert mail["subject"] == "Confirm your address"
            lines = mail["text"].strip().splitlines()
            assert lines == [f"Welcome, {' '.join(name.split())}!", "Your code is 123456."]
            assert "<script>" not in mail["html"]
        assert not await post.mails("eve@example.org")


async def test_mails_wait_while_the_server_is_down(tmp_path: Path) -> None:
    patient = FAST | {"notifications.mail_attempts": "5000"}
    async with post_office(tmp_path, patient) as (around, post), service(around) as running:
        await post.close()
        await around.publish(profile(), order_filled(), order_filled(2))

        async def tried() -> bool:
            rows = (await state_of(running))["deliveries"]
            return bool(rows) and all(row["attempts"] >= 2 and row["status"] == "pending" for row in rows)

        await eventually(tried)
        await post.open()
        rows = await sent(running, 2)
        assert all(row["error"] is None for row in rows)
        assert [mail["deliveries"] for mail in await post.mails("ann@example.org")] == [1, 1]


async def test_what_cannot_be_delivered_rests_in_a_list_that_an_operator_sees(tmp_path: Path) -> None:
    options = FAST | {"notifications.mail_attempts": "3", "notifications.mail_backoff": "0.001"}
    async with post_office(tmp_path, options) as (around, post), service(around) as running:
        await post.close()
        await around.publish(profile(), order_filled())
        async with client(running, None) as operator:

            async def dead() -> list[dict[str, object]]:
                page: list[dict[str, object]] = (await operator.get("/internal/deliveries/dead")).json()["items"]
                return page

            (row,) = await eventually(dead)
            assert (row["address"], row["attempts"], row["status"]) == ("ann@example.org", 3, "dead")
            assert "Connect call failed" in str(row["error"])
            await post.open()
            await around.publish(order_filled(2))
            await post.arrived("ann@example.org")
            assert len(await dead()) == 1
            none = await operator.post("/internal/deliveries/dead/replay", json={"ids": ["another"]})
            assert none.json() == {"replayed": 0}
            assert (await operator.post("/internal/deliveries/dead/replay", json={})).json() == {"replayed": 1}
            await sent(running, 2)
            assert await dead() == []
        async with client(running, "ann") as ann:
            assert (await ann.get("/internal/deliveries/dead")).status_code == 404
            assert (await ann.post("/internal/deliveries/dead/replay", json={})).status_code == 404
            assert (await ann.get("/notifications")).json()["unread"] == 2


async def test_an_address_that_is_refused_does_not_hold_up_the_others(tmp_path: Path) -> None:
    options = FAST | {"notifications.mail_attempts": "1"}
    async with post_office(tmp_path, options) as (around, post), service(around) as running:
        await around.publish(
            registered("eve", email="eve@example.org\nBcc: mallory@example.org"), registered("bob"), registered("ann")
        )
        await post.arrived("ann@example.org")
        await post.arrived("bob@example.org")

        async def outcomes() -> bool:
            rows = (await state_of(running))["deliveries"]
            return sorted(row["status"] for row in rows) == ["dead", "sent", "sent"]

        await eventually(outcomes)


async def test_an_address_may_hold_any_letter(tmp_path: Path) -> None:
    async with post_office(tmp_path) as (around, post), service(around):
        await around.publish(registered("boris", "ru", "Борис", email="борис@почта.рф"))
        (mail,) = await post.arrived("борис@почта.рф")
        assert "Борис" in mail["text"]


async def test_an_event_that_comes_before_its_profile_is_told_when_the_profile_is_there(tmp_path: Path) -> None:
    async with post_office(tmp_path) as (around, post), service(around):
        await around.publish(order_filled())
        await around.publish(profile())
        (mail,) = await post.arrived("ann@example.org")
        assert mail["subject"] == "Buy AAPL: filled"


async def test_who_is_named_in_the_forum_reads_by_whom_where_and_how(tmp_path: Path) -> None:
    async with post_office(tmp_path) as (around, post), service(around) as running:
        await around.publish(profile("eve", language="ru"))
        said = {"title": "Рост\n\nX: y", "text": "@eve\nhi", "author": "Ann"}
        await around.publish(UserMentioned(topic_id="t", user_id="eve", message_id="m", author_id="ann", **said))
        (mail,) = await post.arrived("eve@example.org")
        assert (mail["subject"], mail["text"].strip()) == ("Вас упоминает Ann", "Ann в теме «Рост X: y»: @eve hi")
        (row,) = (await state_of(running))["notifications"]
        assert (row["user_id"], row["kind"]) == ("eve", "user_mentioned")
