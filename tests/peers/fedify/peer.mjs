// A process of small fediverse servers on Fedify that a test starts, steers over /control/… and asks what they
// understood.
//
// POST / with a site's options opens a site on a port of its own and answers {"port": …}. It never leaves the machine,
// prints "ready <port>" once it listens, and ends with its standard input, so that it cannot outlive its tests.

import { createServer } from "node:http";
import { CONTROLS } from "./controls.mjs";
import { FIRST, Site } from "./site.mjs";

const MAX_BODY_BYTES = 1_000_000;
const CONTROL = "/control/";

async function bodyOf(message) {
  const chunks = [];
  let size = 0;
  for await (const chunk of message) {
    size += chunk.length;
    if (size > MAX_BODY_BYTES) throw new Error("body too large");
    chunks.push(chunk);
  }
  return Buffer.concat(chunks);
}

const read = (body) => (body.length ? JSON.parse(body) : {});

/** Serves on a port of loopback and returns it; `answer` is given the request and its body. */
async function serve(port, answer) {
  const server = createServer((message, reply) => {
    bodyOf(message)
      .then((body) => answer(message, body))
      .catch((error) => Response.json({ error: String(error) }, { status: 500 }))
      .then(async (response) => {
        reply.writeHead(response.status, Object.fromEntries(response.headers));
        reply.end(Buffer.from(await response.arrayBuffer()));
      });
  });
  await new Promise((resolve) => server.listen(port, "127.0.0.1", resolve));
  return server.address().port;
}

async function steer(site, name, body) {
  const control = CONTROLS[name];
  if (control === undefined) return Response.json({ error: "no such control" }, { status: 404 });
  try {
    return Response.json(await control(site, read(body)));
  } catch (error) {
    return Response.json({ error: String(error) }, { status: 400 });
  }
}

async function open(options) {
  const site = new Site(options);
  await site.addActor(FIRST, {});
  const port = await serve(0, async (message, body) => {
    const url = new URL(message.url, site.origin);
    if (url.pathname.startsWith(CONTROL)) return await steer(site, url.pathname.slice(CONTROL.length), body);
    const fields = Object.entries(message.headersDistinct);
    const headers = fields.flatMap(([name, values]) => values.map((value) => [name, value]));
    const content = body.length ? body : undefined;
    return await site.respond(new Request(url, { method: message.method, headers, body: content }));
  });
  site.origin = `http://127.0.0.1:${port}`;
  return { port };
}

const port = await serve(Number(process.argv[2] ?? 0), async (_message, body) => Response.json(await open(read(body))));
console.log(`ready ${port}`);
process.stdin.resume().on("end", () => process.exit(0));
