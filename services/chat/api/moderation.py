"""The routes of reports, mutes and the moderators' log."""

from typing import Annotated, Any

from fastapi import APIRouter, Query, Response

from services.chat.api import staff
from services.chat.api.rates import Posts
from services.chat.handlers import moderation as handlers
from services.chat.store import moderation as store
from services.contracts.times import rfc3339
from services.kernel import paging
from services.kernel.moments import moment_of
from services.kernel.security import User
from services.kernel.service import Service
from services.kernel.web import JSON
from services.runtime.clock import wall


def router(service: Service, posts: Posts) -> APIRouter:
    """Report messages; moderators see reports, close them, and mute."""
    routes = APIRouter(prefix="/chat", tags=["chat"])
    database = service.database

    @routes.post("/messages/{message_id}/report", status_code=201, response_model=staff.Receipt)
    async def post_report(user: User, message_id: str, body: staff.Complaint) -> JSON:
        """Ask moderators to look at a message, once: a second report answers with the first."""
        await posts.count(user.user_id)
        row = await database.transact(handlers.report, message_id, user.user_id, body.reason)
        return JSON(receipt_json(row), 201)

    @routes.get("/reports", response_model=staff.ReportPage)
    async def get_reports(
        actor: staff.Moderator,
        cursor: paging.Cursor = None,
        limit: paging.Limit = 50,
        status: Annotated[staff.Status, Query()] = "open",
    ) -> JSON:
        """Reports that are open, or what became of others, newest first."""
        key = paging.key_of(cursor, str)
        before = str(key[0]) if key else None
        rows = await database.read_of(actor.user_id, store.reports_in, status, before, limit)
        return JSON(paging.page(rows, limit, lambda row: (row["report_id"],), report_json))

    @routes.patch("/reports/{report_id}", response_model=staff.Report)
    async def patch_report(actor: staff.Moderator, report_id: str, body: staff.Dismissal) -> JSON:
        """Dismiss a report. One whose message is removed is closed by that."""
        row = await database.transact(handlers.dismiss, report_id, actor.user_id, body.reason)
        return JSON(report_json(row))

    @routes.get("/moderation", response_model=staff.ActPage)
    async def get_moderation(actor: staff.Moderator, cursor: paging.Cursor = None, limit: paging.Limit = 50) -> JSON:
        """What moderators did, newest first."""
        key = paging.key_of(cursor, str)
        before = str(key[0]) if key else None
        rows = await database.read_of(actor.user_id, store.latest_acts, before, limit)
        return JSON(paging.page(rows, limit, lambda row: (row["act_id"],), act_json))

    add_mutes(routes, service)
    return routes


def add_mutes(routes: APIRouter, service: Service) -> None:
    """Users who must not write for a while."""
    database = service.database

    @routes.get("/mutes", response_model=staff.MutePage)
    async def get_mutes(actor: staff.Moderator, cursor: paging.Cursor = None, limit: paging.Limit = 50) -> JSON:
        """Who must not write now."""
        key = paging.key_of(cursor, str)
        after = str(key[0]) if key else ""
        rows = await database.read_of(actor.user_id, store.muted_users, after, limit, wall())
        return JSON(paging.page(rows, limit, lambda row: (row["user_id"],), mute_json))

    @routes.put("/mutes/{user_id}", response_model=staff.Mute)
    async def put_mute(actor: staff.Moderator, user_id: str, body: staff.NewMute) -> JSON:
        """Let a user write no more until then: neither topics nor messages, edits or reactions."""
        until = moment_of(body.until, "until")
        return JSON(mute_json(await database.transact(handlers.mute, user_id, actor.user_id, until, body.reason)))

    @routes.delete("/mutes/{user_id}", status_code=204)
    async def delete_mute(actor: staff.Moderator, user_id: str) -> Response:
        """Let the user write again."""
        await database.transact(handlers.unmute, user_id, actor.user_id)
        return Response(status_code=204)


def receipt_json(row: Any) -> dict[str, Any]:
    """A report as who made it sees it."""
    return {
        "id": row["report_id"],
        "message_id": row["message_id"],
        "reason": row["reason"],
        "status": row["status"],
        "reported_at": rfc3339(row["reported"]),
    }


def report_json(row: Any) -> dict[str, Any]:
    """A report as moderators see it."""
    about = {name: row[name] for name in ("topic_id", "author_id", "reporter_id", "text", "closed_by")}
    return {**receipt_json(row), **about, "closed_at": None if row["closed"] is None else rfc3339(row["closed"])}


def mute_json(row: Any) -> dict[str, Any]:
    """A mute as moderators see it."""
    return {
        "user_id": row["user_id"],
        "until": rfc3339(row["until"]),
        "reason": row["reason"],
        "by": row["muted_by"],
        "since": rfc3339(row["since"]),
    }


def act_json(row: Any) -> dict[str, Any]:
    """A line of the log."""
    return {
        "id": row["act_id"],
        "actor_id": row["actor_id"],
        "kind": row["kind"],
        "subject_id": row["subject_id"],
        "reason": row["reason"],
        "until": None if row["until"] is None else rfc3339(row["until"]),
        "at": rfc3339(row["time"]),
    }
