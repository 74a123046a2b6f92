"""Following from elsewhere in a real browser: its rule for forms holds against the redirect to another server too."""

import json

from playwright.sync_api import Browser, expect
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import HTMLResponse, Response
from starlette.routing import Route

from tests import servers
from tests.towns import Country


def test_a_visitor_lands_where_their_server_lets_them_follow(country: Country, browser: Browser) -> None:
    hagen, port = country.town("Hagen"), servers.free_port()
    hagen.add()
    template = f"http://127.0.0.1:{port}/authorize_interaction?uri={{uri}}"
    links = [{"rel": "http://ostatus.org/schema/1.0/subscribe", "template": template}]

    async def finger(_request: Request) -> Response:
        return Response(json.dumps({"links": links}), media_type="application/jrd+json")

    async def authorize(request: Request) -> Response:
        return HTMLResponse(f"<title>{request.query_params['uri']}</title>")

    routes = [Route("/.well-known/webfinger", finger), Route("/authorize_interaction", authorize)]
    country.serve(Starlette(routes=routes), port)
    with browser.new_context(java_script_enabled=False, locale="de-DE") as context:
        page = context.new_page()
        page.goto(f"{hagen.url}/organisationen/buecherei")
        page.get_by_label("Ihre Adresse im Fediverse").fill("nobody")
        page.get_by_role("button", name="Folgen").click()
        expect(page.get_by_role("link", name="Das ist keine Adresse im Fediverse")).to_be_visible()
        expect(page.locator("#konto-problem")).to_contain_text("richtig wäre zum Beispiel @name@mastodon.social")
        page.get_by_label("Ihre Adresse im Fediverse").fill(f"@anna@127.0.0.1:{port}")
        page.get_by_role("button", name="Folgen").click()
        expect(page).to_have_title(f"buecherei@{hagen.host}")
