"""The OpenAPI document for people: one page without a script and without anything from elsewhere."""

from collections.abc import Iterator
from html import escape
from typing import Any

STYLE = (
    "body{font:15px/1.5 system-ui,sans-serif;max-width:60rem;margin:2rem auto;padding:0 1rem}"
    "code{font:13px ui-monospace,monospace}details{border-top:1px solid #ccc;padding:.4rem 0}"
    "summary{cursor:pointer}b{display:inline-block;width:4.5rem}table{border-collapse:collapse}"
    "td{padding:.1rem 1rem .1rem 0;vertical-align:top}pre{overflow:auto;background:#f6f6f6;padding:.6rem}"
)


def html(document: dict[str, Any]) -> str:
    """The whole page."""
    info = document["info"]
    parts = [f"<h1>{escape(info['title'])}</h1><p>{escape(info['description'])}</p>"]
    tag = None
    for path, method, operation in operations(document):
        if operation.get("tags") != tag:
            tag = operation.get("tags")
            parts.append(f"<h2>{escape(', '.join(tag or []))}</h2>")
        parts.append(section(path, method, operation, document["components"]["schemas"]))
    head = f'<!doctype html><html lang="en"><meta charset="utf-8"><title>{escape(info["title"])}</title>'
    return f"{head}<style>{STYLE}</style>{''.join(parts)}</html>"


def operations(document: dict[str, Any]) -> Iterator[tuple[str, str, dict[str, Any]]]:
    """Each path, method and operation."""
    for path, methods in document["paths"].items():
        for method, operation in methods.items():
            yield path, method, operation


def section(path: str, method: str, operation: dict[str, Any], schemas: dict[str, Any]) -> str:
    """One operation, folded."""
    token = "" if operation.get("security") else " <em>no token</em>"
    rows = [
        row(f"{each['name']} ({each['in']})", described(each["schema"])) for each in operation.get("parameters", ())
    ]
    for content in operation.get("requestBody", {}).get("content", {}).values():
        schema = schemas.get(content["schema"].get("$ref", "").rpartition("/")[2], {})
        needed = schema.get("required", ())
        for name, field in schema.get("properties", {}).items():
            rows.append(row(f"{name}{'' if name in needed else '?'}", described(field)))
    return (
        f"<details><summary><b>{method.upper()}</b> <code>{escape(path)}</code>{token}</summary>"
        f"<p>{escape(operation.get('description') or operation.get('summary', ''))}</p>"
        f"<table>{''.join(rows)}</table></details>"
    )


def row(name: str, text: str) -> str:
    return f"<tr><td><code>{escape(name)}</code></td><td>{escape(text)}</td></tr>"


def described(schema: dict[str, Any]) -> str:
    """A field's type and limits in a few words."""
    if "anyOf" in schema:
        return " or ".join(described(each) for each in schema["anyOf"])
    if "$ref" in schema:
        return str(schema["$ref"]).rpartition("/")[2]
    values = schema.get("enum", ())
    if values:
        return ", ".join(map(str, values[:8])) + (f" and {len(values) - 8} more" if len(values) > 8 else "")
    limits = [f"{name} {schema[name]}" for name in ("minLength", "maxLength", "minimum", "maximum") if name in schema]
    return " ".join([str(schema.get("type", "any")), *limits])
