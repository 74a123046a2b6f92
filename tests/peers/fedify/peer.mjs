// A small fediverse server on Fedify that a test starts, steers over /control/… and asks what it understood.
//
// Everything ActivityPub (WebFinger, signatures, JSON-LD, collections) is Fedify's; here is only what an application
// on it has to say: one actor, its posts, whom it follows. State lives in memory. It never leaves the machine, prints
// "ready <port>" once it listens, and ends with its standard input, so that it cannot outlive its test.

import { createServer } from "node:http";
import {
  createFederation,
  generateCryptoKeyPair,
  InProcessMessageQueue,
  MemoryKvStore,
} from "@fedify/fedify";
import {
  Accept,
  Announce,
  Create,
  Delete,
  Endpoints,
  Event,
  Follow,
  Note,
  Organization,
  Place,
  PUBLIC_COLLECTION,
  Reject,
  Tombstone,
  Undo,
  Update,
} from "@fedify/vocab";
import { Temporal } from "@js-temporal/polyfill";

const ACTOR = "verein";
const MAX_BODY_BYTES = 1_000_000;
const MAX_RECEIVED = 1_000;
const PAGE_SIZE = 2; // so small that a reader of the outbox has to turn pages
const RETRIES = 3;

// Fedify asks WebFinger of acct: names over https only, as it must on the net. Our test servers speak http on
// loopback, so https there is read as http. Anything beyond loopback is refused: a missing context is then an error.
const plainFetch = globalThis.fetch;
globalThis.fetch = async (input, init) => {
  const url = new URL(input instanceof Request ? input.url : input);
  if (!/^127\.\d+\.\d+\.\d+$/.test(url.hostname)) throw new TypeError(`the peer does not leave this machine: ${url}`);
  if (url.protocol === "http:") return await plainFetch(input, init);
  url.protocol = "http:";
  return await plainFetch(url, input instanceof Request ? { headers: input.headers, redirect: input.redirect } : init);
};

const keyPairs = [await generateCryptoKeyPair("RSASSA-PKCS1-v1_5"), await generateCryptoKeyPair("Ed25519")];
const followers = new Map(); // actor URI → Recipient
const following = new Map(); // actor URI → { id: of our Follow, state: "asked" | "accepted" | "rejected" }
const posts = new Map(); // number as text → what the test gave, and the times
const received = []; // what peers sent, as Fedify parsed it
const unverified = []; // what came with a signature that does not hold
let origin; // known once the port is

const text = (value) => (value == null ? null : value.toString());

async function describe(object, context) {
  if (object == null) return null;
  const described = {
    type: object.constructor.name,
    id: object.id?.href ?? null,
    attributedTo: object.attributionId?.href ?? null,
    name: text(object.name),
    summary: text(object.summary),
    content: text(object.content),
    url: text(object.url?.href ?? object.url),
    published: text(object.published),
    updated: text(object.updated),
    startTime: text(object.startTime),
    endTime: text(object.endTime),
    to: object.toIds.map((uri) => uri.href),
    cc: object.ccIds.map((uri) => uri.href),
    location: null,
    tags: [],
  };
  const place = await object.getLocation(context);
  if (place instanceof Place) {
    described.location = { name: text(place.name), latitude: place.latitude, longitude: place.longitude };
  }
  for await (const tag of object.getTags(context)) described.tags.push(text(tag.name));
  return described;
}

async function remember(context, activity) {
  if (received.length >= MAX_RECEIVED) received.shift();
  const object = activity instanceof Delete ? null : await activity.getObject(context);
  received.push({
    activity: activity.constructor.name,
    id: activity.id?.href ?? null,
    actor: activity.actorId?.href ?? null,
    objectId: activity.objectId?.href ?? object?.id?.href ?? null,
    object: await describe(object, context),
  });
}

const federation = createFederation({
  kv: new MemoryKvStore(),
  queue: new InProcessMessageQueue({ pollInterval: { milliseconds: 50 } }),
  allowPrivateAddress: true,
  outboxRetryPolicy: ({ attempts }) => (attempts < RETRIES ? Temporal.Duration.from({ milliseconds: 200 }) : null),
});

federation.setNodeInfoDispatcher("/nodeinfo/2.1", () => ({
  software: { name: "fedify-peer", version: "1.0.0" },
  protocols: ["activitypub"],
  usage: { users: { total: 1 }, localPosts: posts.size, localComments: 0 },
}));

federation
  .setActorDispatcher("/users/{identifier}", async (context, identifier) => {
    if (identifier !== ACTOR) return null;
    const keys = await context.getActorKeyPairs(identifier);
    return new Organization({
      id: context.getActorUri(identifier),
      preferredUsername: identifier,
      name: "Nachbarverein auf Fedify",
      summary: "<p>Ein fremder Server zum Prüfen.</p>",
      url: new URL("/", context.url),
      inbox: context.getInboxUri(identifier),
      outbox: context.getOutboxUri(identifier),
      followers: context.getFollowersUri(identifier),
      following: context.getFollowingUri(identifier),
      endpoints: new Endpoints({ sharedInbox: context.getInboxUri() }),
      publicKey: keys[0].cryptographicKey,
      assertionMethods: keys.map((key) => key.multikey),
    });
  })
  .setKeyPairsDispatcher((_context, identifier) => (identifier === ACTOR ? keyPairs : []));

federation
  .setFollowersDispatcher("/users/{identifier}/followers", () => ({ items: [...followers.values()] }))
  .setCounter(() => followers.size);
federation
  .setFollowingDispatcher("/users/{identifier}/following", () => ({
    items: [...following.keys()].map((uri) => new URL(uri)),
  }))
  .setCounter(() => following.size);
federation
  .setOutboxDispatcher("/users/{identifier}/outbox", (context, _identifier, cursor) => {
    const living = [...posts.values()].filter((post) => !post.deleted).reverse();
    const start = Number(cursor);
    const end = start + PAGE_SIZE;
    return {
      items: living.slice(start, end).map((post) => createOf(context, post)),
      nextCursor: end < living.length ? String(end) : null,
    };
  })
  .setFirstCursor(() => "0")
  .setCounter(() => [...posts.values()].filter((post) => !post.deleted).length);
federation.setObjectDispatcher(Note, "/notes/{number}", (context, { number }) => living(context, number, Note));
federation.setObjectDispatcher(Event, "/events/{number}", (context, { number }) => living(context, number, Event));

federation
  .setInboxListeners("/users/{identifier}/inbox", "/inbox")
  .on(Follow, async (context, follow) => {
    await remember(context, follow);
    const follower = await follow.getActor(context);
    if (context.parseUri(follow.objectId)?.identifier !== ACTOR || follower?.id == null) return;
    followers.set(follower.id.href, { id: follower.id, inboxId: follower.inboxId, endpoints: follower.endpoints });
    const answer = new Accept({
      id: new URL(`#accept-${crypto.randomUUID()}`, context.getActorUri(ACTOR)),
      actor: context.getActorUri(ACTOR),
      object: follow,
    });
    await context.sendActivity({ identifier: ACTOR }, follower, answer);
  })
  .on(Accept, async (context, accept) => answered(context, accept, "accepted"))
  .on(Reject, async (context, reject) => answered(context, reject, "rejected"))
  .on(Undo, async (context, undo) => {
    await remember(context, undo);
    const undone = await undo.getObject(context);
    if (undone instanceof Follow && undo.actorId != null) followers.delete(undo.actorId.href);
  })
  .on(Create, remember)
  .on(Update, remember)
  .on(Delete, remember)
  .on(Announce, remember)
  .onUnverifiedActivity((_context, activity, reason) => {
    if (unverified.length < MAX_RECEIVED) unverified.push({ id: activity.id?.href ?? null, reason: reason.type });
  })
  .onError((_context, error) => console.error(error));

async function answered(context, activity, state) {
  await remember(context, activity);
  const entry = following.get(activity.actorId?.href);
  if (entry != null) entry.state = state;
}

function objectOf(context, post) {
  const kind = post.startTime == null ? Note : Event;
  const moment = (value) => (value == null ? null : Temporal.Instant.from(value));
  return new kind({
    id: context.getObjectUri(kind, { number: post.number }),
    attribution: context.getActorUri(ACTOR),
    name: post.name ?? null,
    summary: post.summary ?? null,
    content: post.content,
    mediaType: "text/html",
    url: new URL(`/posts/${post.number}`, origin),
    startTime: moment(post.startTime),
    endTime: moment(post.endTime),
    published: moment(post.published),
    updated: moment(post.updated),
    location: post.location == null ? null : new Place(post.location),
    tos: [PUBLIC_COLLECTION],
    ccs: [context.getFollowersUri(ACTOR)],
  });
}

function living(context, number, kind) {
  const post = posts.get(number);
  const object = post == null || post.deleted ? null : objectOf(context, post);
  return object instanceof kind ? object : null;
}

function wrap(context, kind, object, suffix) {
  return new kind({
    id: new URL(`#${suffix}`, object.id),
    actor: context.getActorUri(ACTOR),
    object,
    tos: [PUBLIC_COLLECTION],
    ccs: [context.getFollowersUri(ACTOR)],
  });
}

const createOf = (context, post) => wrap(context, Create, objectOf(context, post), "create");

async function publish(context, activity, post) {
  await context.sendActivity({ identifier: ACTOR }, "followers", activity, { orderingKey: `post-${post.number}` });
  return { id: objectOf(context, post).id.href, activity: activity.id.href };
}

function postOf(body) {
  const post = posts.get(String(body.id ?? "").split("/").at(-1));
  if (post == null) throw new Error(`no post of this peer: ${body.id}`);
  return post;
}

// What the test may ask for; each takes the JSON body and returns JSON.
const CONTROLS = {
  async lookup(context, body) {
    const actor = await context.lookupObject(body.handle);
    if (actor?.inboxId === undefined) return { found: null };
    const keys = [];
    for await (const key of actor.getPublicKeys(context)) keys.push(key.id?.href ?? null);
    const multikeys = [];
    for await (const key of actor.getAssertionMethods(context)) multikeys.push(key.id?.href ?? null);
    return {
      found: {
        type: actor.constructor.name,
        id: actor.id?.href ?? null,
        preferredUsername: text(actor.preferredUsername),
        name: text(actor.name),
        summary: text(actor.summary),
        url: text(actor.url?.href ?? actor.url),
        inbox: actor.inboxId?.href ?? null,
        sharedInbox: actor.endpoints?.sharedInbox?.href ?? null,
        outbox: actor.outboxId?.href ?? null,
        followers: actor.followersId?.href ?? null,
        publicKeys: keys,
        assertionMethods: multikeys,
      },
    };
  },
  async fetch(context, body) {
    return { found: await describe(await context.lookupObject(body.uri), context) };
  },
  async follow(context, body) {
    const actor = await context.lookupObject(body.actorUri);
    if (actor?.inboxId == null) throw new Error(`no actor: ${body.actorUri}`);
    const follow = new Follow({
      id: new URL(`#follow-${crypto.randomUUID()}`, context.getActorUri(ACTOR)),
      actor: context.getActorUri(ACTOR),
      object: actor.id,
    });
    following.set(actor.id.href, { id: follow.id.href, state: "asked" });
    await context.sendActivity({ identifier: ACTOR }, actor, follow);
    return { id: follow.id.href };
  },
  async unfollow(context, body) {
    const actor = await context.lookupObject(body.actorUri);
    const entry = following.get(actor?.id?.href);
    if (entry == null) throw new Error(`not followed: ${body.actorUri}`);
    const me = context.getActorUri(ACTOR);
    const follow = new Follow({ id: new URL(entry.id), actor: me, object: actor.id });
    const undo = new Undo({ id: new URL(`${entry.id}-undo`), actor: me, object: follow });
    following.delete(actor.id.href);
    await context.sendActivity({ identifier: ACTOR }, actor, undo);
    return {};
  },
  async post(context, body) {
    const post = { ...body, number: String(posts.size + 1), published: Temporal.Now.instant().toString() };
    const activity = createOf(context, post); // throws where the test gave nonsense, before anything is kept
    posts.set(post.number, post);
    return await publish(context, activity, post);
  },
  async update(context, body) {
    const { id: _id, ...changes } = body;
    const post = Object.assign(postOf(body), changes, { updated: Temporal.Now.instant().toString() });
    return await publish(context, wrap(context, Update, objectOf(context, post), `update-${crypto.randomUUID()}`), post);
  },
  async delete(context, body) {
    const post = postOf(body);
    const { id } = objectOf(context, post);
    post.deleted = true;
    return await publish(context, wrap(context, Delete, new Tombstone({ id }), "delete"), post);
  },
  async state(context) {
    return {
      actor: context.getActorUri(ACTOR).href,
      followers: [...followers.keys()],
      following: [...following].map(([actor, { id, state }]) => ({ actor, id, state })),
      received,
      unverified,
    };
  },
};

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

async function respond(message) {
  const { pathname } = new URL(message.url, origin);
  const body = await bodyOf(message);
  if (pathname.startsWith("/control/")) {
    const control = CONTROLS[pathname.slice("/control/".length)];
    if (control === undefined) return Response.json({ error: "no such control" }, { status: 404 });
    try {
      return Response.json(await control(federation.createContext(new URL(origin)), body.length ? JSON.parse(body) : {}));
    } catch (error) {
      return Response.json({ error: String(error) }, { status: 400 });
    }
  }
  const request = new Request(new URL(message.url, origin), {
    method: message.method,
    headers: Object.entries(message.headersDistinct).flatMap(([name, values]) => values.map((value) => [name, value])),
    body: body.length ? body : undefined,
  });
  return await federation.fetch(request, {});
}

const server = createServer((message, reply) => {
  respond(message)
    .catch((error) => Response.json({ error: String(error) }, { status: 500 }))
    .then(async (response) => {
      reply.writeHead(response.status, Object.fromEntries(response.headers));
      reply.end(Buffer.from(await response.arrayBuffer()));
    });
});
server.listen(Number(process.argv[2] ?? 0), "127.0.0.1", () => {
  const { port } = server.address();
  origin = `http://127.0.0.1:${port}`;
  console.log(`ready ${port}`);
});
process.stdin.resume().on("end", () => process.exit(0));
