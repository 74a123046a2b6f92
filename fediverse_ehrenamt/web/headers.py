"""Security headers: a page of ours loads nothing from elsewhere, runs no inline script and stands in nobody's frame."""

from typing import Final

from starlette.datastructures import MutableHeaders
from starlette.requests import Request
from starlette.responses import Response
from starlette.types import ASGIApp, Message, Receive, Scope, Send

# JSON-LD blocks are data, not scripts, so they need no allowance (CSP Level 3 §8: only script-like types are checked).
CONTENT_SECURITY_POLICY: Final = (
    "default-src 'none'; img-src 'self'; style-src 'self'; script-src 'self'; connect-src 'self'; "
    "form-action 'self'; base-uri 'none'; frame-ancestors 'none'"
)
# A browser that was here once encrypted never comes unencrypted again. Not `includeSubDomains`: other servers below the
# town's name are no business of ours; nor is a list in browsers (`preload`) that nobody leaves quickly.
_ENCRYPTED = {"Strict-Transport-Security": "max-age=31536000"}
_EVERYWHERE = {"X-Content-Type-Options": "nosniff"}
ON_PAGES = {
    "Content-Security-Policy": CONTENT_SECURITY_POLICY,
    # What somebody searched for here is no business of the site a link leads to.
    "Referrer-Policy": "same-origin",
    "Permissions-Policy": "camera=(), geolocation=(), microphone=(), payment=(), usb=(), browsing-topics=()",
    "Cross-Origin-Opener-Policy": "same-origin",
    "X-Content-Type-Options": "nosniff",
}


def with_form_elsewhere(request: Request, response: Response) -> Response:
    """Let a form on this page lead to another site: browsers hold `form-action` against redirects too.

    Without encryption only where we ourselves are reached so (when trying out).
    """
    schemes = "https:" if request.app.state.workshop.settings.url.startswith("https://") else "https: http:"
    policy = CONTENT_SECURITY_POLICY.replace("form-action 'self'", f"form-action 'self' {schemes}")
    response.headers["Content-Security-Policy"] = policy
    return response


class SecurityHeaders:
    """ASGI middleware that adds the headers to HTML answers, `nosniff` to all, HSTS to those that come encrypted.

    RFC 6797 §7.2 forbids HSTS over plain HTTP, so the web server before us has to say which it was (X-Forwarded-Proto).
    """

    def __init__(self, app: ASGIApp) -> None:
        self.app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self.app(scope, receive, send)
            return

        async def send_with_headers(message: Message) -> None:
            if message["type"] == "http.response.start":
                headers = MutableHeaders(raw=message.setdefault("headers", []))
                html = headers.get("content-type", "").startswith("text/html")
                fields = (ON_PAGES if html else _EVERYWHERE) | (_ENCRYPTED if scope["scheme"] == "https" else {})
                for name, value in fields.items():
                    headers.setdefault(name, value)
            await send(message)

        await self.app(scope, receive, send_with_headers)
