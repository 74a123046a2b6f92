// What a test may order a site to do, and ask it. Each takes the site and the JSON body and returns JSON.

import { parseNodeInfo } from "@fedify/fedify";
import * as vocab from "@fedify/vocab";
import { Delete, Follow, PUBLIC_COLLECTION, QuoteRequest, Reject, Tombstone, Undo, Update } from "@fedify/vocab";
import { Temporal } from "@js-temporal/polyfill";
import { describe, describeCollection, describeStamp, quotable, reactions } from "./describe.mjs";
import { knocks } from "./network.mjs";
import { FIRST, makeKeys } from "./site.mjs";

const NODEINFO = "http://nodeinfo.diaspora.software/ns/schema/";

const now = () => Temporal.Now.instant().toString();

/** Returns how to look at things as they are now, signed: what Fedify asks unsigned it remembers for five minutes. */
async function anew(context) {
  const documentLoader = await context.getDocumentLoader({ identifier: FIRST });
  return { documentLoader, contextLoader: context.contextLoader };
}

async function receiver(context, uri) {
  const actor = await context.lookupObject(uri, await anew(context)); // some want whoever asks to sign
  if (actor?.inboxId == null) throw new Error(`no actor: ${uri}`);
  return actor;
}

/** Sends an activity to the followers, if so wished, and to the actors `to`; their order is kept for one `key`. */
async function send(context, identifier, activity, { followers = false, to = [], key = activity.id.href }) {
  const options = { orderingKey: key };
  if (followers) await context.sendActivity({ identifier }, "followers", activity, options);
  for (const uri of to) await context.sendActivity({ identifier }, await receiver(context, uri), activity, options);
}

async function publish(site, activity, post) {
  const { context } = site;
  await send(context, post.author, activity, { followers: !post.direct, to: post.tell, key: `post-${post.number}` });
  return { id: site.objectOf(context, post).id.href, activity: activity.id.href };
}

function postOf(site, body) {
  const post = site.posts.get(String(body.id ?? "").split("/").at(-1));
  if (post == null) throw new Error(`no post of this peer: ${body.id}`);
  return post;
}

const uris = (list) => (list ?? []).map((uri) => new URL(uri));

export const CONTROLS = {
  // --- looking -------------------------------------------------------------------------------------------------------
  async lookup({ context }, { handle }) {
    const actor = await context.lookupObject(handle);
    return { found: actor?.inboxId === undefined ? null : await describe(actor, context) };
  },
  /** `signed` asks as the site's actor, by an HTTP signature. */
  async fetch({ context }, { uri, signed }) {
    return { found: await describe(await context.lookupObject(uri, signed ? await anew(context) : {}), context) };
  },
  async reactions({ context }, { uri }) {
    const how = await anew(context);
    const object = await context.lookupObject(uri, how);
    if (object == null) throw new Error(`nothing there: ${uri}`);
    return await reactions(object, how);
  },
  async collection({ context }, { uri }) {
    const how = await anew(context);
    const found = await context.lookupObject(uri, how);
    if (!(found instanceof vocab.Collection)) throw new Error(`no collection: ${uri}`);
    return await describeCollection(found, how);
  },
  /** Says who may quote an object without being asked about, by FEP-044f. */
  async quotable({ context }, { uri }) {
    return { found: quotable(await context.lookupObject(uri, await anew(context))) };
  },
  async stamp({ context }, { uri }) {
    return { found: describeStamp(await context.lookupObject(uri, await anew(context))) };
  },
  async webfinger({ context }, { resource }) {
    return { found: await context.lookupWebFinger(resource) };
  },
  /** Reads each version of a NodeInfo with Fedify's strict parser; `lookupNodeInfo` refuses to ask on loopback. */
  async nodeinfo(_site, { url }) {
    const get = async (href) => await (await fetch(href, { headers: { Accept: "application/json" } })).json();
    const { links } = await get(new URL("/.well-known/nodeinfo", url));
    const found = {};
    for (const { rel, href } of links) if (rel.startsWith(NODEINFO)) found[rel] = parseNodeInfo(await get(href));
    return { found };
  },

  // --- following -----------------------------------------------------------------------------------------------------
  async follow(site, { actorUri, as = FIRST }) {
    const { context } = site;
    const actor = await receiver(context, actorUri);
    const me = context.getActorUri(as);
    const follow = new Follow({ id: new URL(`#follow-${crypto.randomUUID()}`, me), actor: me, object: actor.id });
    site.actor(as).following.set(actor.id.href, { id: follow.id.href, state: "asked" });
    await context.sendActivity({ identifier: as }, actor, follow);
    return { id: follow.id.href };
  },
  async unfollow(site, { actorUri, as = FIRST }) {
    const { context } = site;
    const { following } = site.actor(as);
    const entry = following.get(actorUri);
    if (entry == null) throw new Error(`not followed: ${actorUri}`);
    const me = context.getActorUri(as);
    const follow = new Follow({ id: new URL(entry.id), actor: me, object: new URL(actorUri) });
    const undo = new Undo({ id: new URL(`${entry.id}-undo`), actor: me, object: follow });
    following.delete(actorUri);
    await send(context, as, undo, { to: [actorUri] });
    return {};
  },
  /** Throws out a follower that was accepted before. */
  async reject(site, { actorUri, as = FIRST }) {
    const { context } = site;
    const { followers } = site.actor(as);
    const me = context.getActorUri(as);
    const follow = new Follow({ id: new URL(followers.get(actorUri).follow), actor: new URL(actorUri), object: me });
    followers.delete(actorUri);
    const reject = new Reject({ id: new URL(`#reject-${crypto.randomUUID()}`, me), actor: me, object: follow });
    await send(context, as, reject, { to: [actorUri] });
    return {};
  },

  // --- publishing ----------------------------------------------------------------------------------------------------
  /** `tell` are actors that get it beside the followers; a `direct` one goes to them alone. */
  async post(site, body) {
    const post = { tell: [], ...body, number: String(site.posts.size + 1), author: body.as ?? FIRST, published: now() };
    const activity = site.createOf(site.context, post); // throws where the test gave nonsense, before anything is kept
    site.posts.set(post.number, post);
    return await publish(site, activity, post);
  },
  /** Asks the actor `to` whether a new post, which nobody else is told of, may quote an object of theirs (FEP-044f). */
  async quote(site, { content, quote, to, as = FIRST }) {
    const { context } = site;
    const post = { content, quote, tell: [], number: String(site.posts.size + 1), author: as, published: now() };
    site.posts.set(post.number, post);
    const instrument = site.objectOf(context, post);
    const id = new URL(`#quote-${crypto.randomUUID()}`, instrument.id);
    const actor = context.getActorUri(as);
    const asked = new QuoteRequest({ id, actor, object: new URL(quote), instrument });
    await send(context, as, asked, { to: [to] });
    return { id: id.href, post: instrument.id.href };
  },
  async update(site, { id, ...changes }) {
    const post = Object.assign(postOf(site, { id }), changes, { updated: now() });
    const { context } = site;
    const object = site.objectOf(context, post);
    return await publish(site, site.about(context, Update, post, object, `update-${crypto.randomUUID()}`), post);
  },
  async delete(site, body) {
    const post = postOf(site, body);
    const { context } = site;
    const { id } = site.objectOf(context, post);
    post.deleted = true;
    return await publish(site, site.about(context, Delete, post, new Tombstone({ id }), "delete"), post);
  },

  // --- saying anything -----------------------------------------------------------------------------------------------
  /** Says an activity of a `type` about objects, to the actors `to`, and to the followers if `followers`. */
  async say(site, { type, objects, as = FIRST, target, content, to = [], followers = false }) {
    const { context } = site;
    const actor = context.getActorUri(as);
    const activity = new vocab[type]({
      id: new URL(`#${type.toLowerCase()}-${crypto.randomUUID()}`, actor),
      actor,
      objects: uris(objects),
      target: target == null ? null : new URL(target),
      content: content ?? null,
      tos: followers ? [PUBLIC_COLLECTION, ...uris(to)] : uris(to),
      ccs: followers ? [context.getFollowersUri(as)] : [],
    });
    site.sent.set(activity.id.href, { activity, as, to, followers });
    await send(context, as, activity, { followers, to });
    return { id: activity.id.href };
  },
  /** Takes back what was said, as a whole or (`bare`) as its id. */
  async undo(site, { id, bare = false }) {
    const { activity, as, to, followers } = site.sent.get(id);
    const object = bare ? activity.id : activity;
    const undo = new Undo({ id: new URL(`${id}-undo`), actor: activity.actorId, object, tos: uris(to) });
    await send(site.context, as, undo, { followers, to });
    return { id: undo.id.href };
  },

  // --- its actors ----------------------------------------------------------------------------------------------------
  async actor(site, { identifier, ...details }) {
    await site.addActor(identifier, details);
    return { id: site.context.getActorUri(identifier).href };
  },
  /** Changes an actor: name, movedTo, alsoKnownAs, refuses; with `rotate` it gets other keys. Nobody is told. */
  async change(site, { as = FIRST, rotate = false, ...changes }) {
    Object.assign(site.actor(as), changes, rotate ? { keys: await makeKeys() } : {});
    return {};
  },
  /** Tells the followers and the actors `to` how an actor is described now. */
  async tell(site, { as = FIRST, to = [] }) {
    const { context } = site;
    const object = await site.describeActor(context, as);
    const update = new Update({
      id: new URL(`#update-${crypto.randomUUID()}`, object.id),
      actor: object.id,
      object,
      tos: [PUBLIC_COLLECTION],
    });
    await send(context, as, update, { followers: true, to });
    return { id: update.id.href };
  },
  /** Closes an actor for good: its Delete goes out, then it is gone, its key too. */
  async leave(site, { as = FIRST, to = [] }) {
    const { context } = site;
    const id = context.getActorUri(as);
    const leaving = new Delete({ id: new URL("#delete", id), actor: id, object: id, tos: [PUBLIC_COLLECTION] });
    await send(context, as, leaving, { followers: true, to });
    site.actor(as).gone = true;
    return { id: leaving.id.href };
  },
  /** Changes which signatures the site takes: `accept`, as `Site` has it. */
  async site(site, { accept }) {
    site.accept = accept;
    return {};
  },
  /** From now on passes each Create that comes on to an actor elsewhere. */
  async forward(site, { to }) {
    site.forwards = to;
    return {};
  },

  // --- what it knows -------------------------------------------------------------------------------------------------
  async state(site, { as = FIRST }) {
    const { followers, following } = site.actor(as);
    return {
      followers: [...followers.keys()],
      following: [...following].map(([actor, { id, state }]) => ({ actor, id, state })),
      received: site.received,
      unverified: site.unverified,
      arrivals: site.arrivals,
      knocks: knocks.filter(({ keyId }) => keyId.startsWith(`${site.origin}/`)),
    };
  },
};
