// One fediverse server on Fedify: its actors, their posts and followers, and what peers told it. All of it in memory.
//
// Everything ActivityPub (WebFinger, signatures, JSON-LD, collections) is Fedify's; here is only what an application
// on it has to say. Fedify also takes what a proof vouches for; so that a test sees which HTTP signature arrived,
// Fedify's own `verifyRequestDetailed` looks at each request first, and what it does not pass comes without a proof.

import {
  createFederation,
  generateCryptoKeyPair,
  InProcessMessageQueue,
  MemoryKvStore,
  verifyRequestDetailed,
} from "@fedify/fedify";
import * as vocab from "@fedify/vocab";
import {
  Accept,
  Activity,
  Create,
  Delete,
  Event,
  Follow,
  Note,
  Place,
  PUBLIC_COLLECTION,
  Reject,
  Tombstone,
  Undo,
} from "@fedify/vocab";
import { Temporal } from "@js-temporal/polyfill";
import { describe } from "./describe.mjs";
import { schemeOf } from "./network.mjs";

export const FIRST = "verein"; // the actor that every site has
const MAX_REMEMBERED = 1_000;
const PAGE_SIZE = 2; // so small that a reader of the outbox has to turn pages
const RETRIES = 3;
const PUBLIC_EXPONENT = new Uint8Array([1, 0, 1]);
const RSA = { name: "RSASSA-PKCS1-v1_5", modulusLength: 2048, publicExponent: PUBLIC_EXPONENT, hash: "SHA-256" };

/** Makes the two key pairs of an actor. Fedify's own would have 4096 bits, a second of work for each. */
export async function makeKeys() {
  return [await crypto.subtle.generateKey(RSA, true, ["sign", "verify"]), await generateCryptoKeyPair("Ed25519")];
}

/** The keys that the look at HTTP signatures knows, as Fedify's own inbox keeps them. */
class KeyCache {
  #known = new Map();
  get = async (keyId) => this.#known.get(keyId.href);
  set = async (keyId, key) => void this.#known.set(keyId.href, key ?? undefined);
}

export class Site {
  actors = new Map(); // identifier → what the test gave, keys, followers, following
  posts = new Map(); // number as text → what the test gave, author and times
  sent = new Map(); // id → { activity, as, to, followers }, to be undone
  received = []; // what peers sent, as Fedify parsed it
  unverified = []; // what came with a signature that does not hold, or not the one that is wanted here
  arrivals = []; // each request to an inbox: { path, scheme, verified, status, signature }
  origin; // known once the port is
  #keys = new KeyCache();

  /** `accept` is "both", "rfc9421" or "cavage"; `challenge` adds Accept-Signature (RFC 9421 §5) to refusals. */
  constructor({ firstKnock = "rfc9421", accept = "both", challenge = false }) {
    this.accept = accept;
    this.federation = createFederation({
      kv: new MemoryKvStore(),
      queue: new InProcessMessageQueue({ pollInterval: { milliseconds: 50 } }),
      allowPrivateAddress: true,
      firstKnock: firstKnock === "cavage" ? "draft-cavage-http-signatures-12" : firstKnock,
      inboxChallengePolicy: challenge ? { enabled: true, requestNonce: true } : undefined,
      outboxRetryPolicy: ({ attempts }) => (attempts < RETRIES ? Temporal.Duration.from({ milliseconds: 200 }) : null),
    });
    this.#describeItself();
    this.#listen();
  }

  get context() {
    return this.federation.createContext(new URL(this.origin));
  }

  /** Details: type, name, alsoKnownAs, refuses (followers), sharedInbox. */
  async addActor(identifier, details) {
    const usual = { type: "Organization", name: "Nachbarverein auf Fedify", alsoKnownAs: [], sharedInbox: true };
    const keys = await makeKeys();
    this.actors.set(identifier, { ...usual, ...details, keys, followers: new Map(), following: new Map() });
  }

  actor(identifier) {
    const actor = this.actors.get(identifier);
    if (actor == null) throw new Error(`no actor of this site: ${identifier}`);
    return actor;
  }

  // --- what it shows -------------------------------------------------------------------------------------------------
  #describeItself() {
    const { federation } = this;
    const isShown = (post) => !post.deleted && !post.direct;
    const living = (author) => [...this.posts.values()].filter((post) => post.author === author && isShown(post));
    federation.setNodeInfoDispatcher("/nodeinfo/2.1", () => ({
      software: { name: "fedify-peer", version: "1.0.0" },
      protocols: ["activitypub"],
      usage: { users: { total: this.actors.size }, localPosts: this.posts.size, localComments: 0 },
    }));
    federation
      .setActorDispatcher("/users/{identifier}", (context, identifier) => this.describeActor(context, identifier))
      .setKeyPairsDispatcher((_context, identifier) => this.actors.get(identifier)?.keys ?? []);
    federation
      .setFollowersDispatcher("/users/{identifier}/followers", (_context, identifier) => ({
        items: [...this.actor(identifier).followers.values()],
      }))
      .setCounter((_context, identifier) => this.actor(identifier).followers.size);
    federation
      .setFollowingDispatcher("/users/{identifier}/following", (_context, identifier) => ({
        items: [...this.actor(identifier).following.keys()].map((uri) => new URL(uri)),
      }))
      .setCounter((_context, identifier) => this.actor(identifier).following.size);
    federation
      .setOutboxDispatcher("/users/{identifier}/outbox", (context, identifier, cursor) => {
        const newest = living(identifier).reverse();
        const end = Number(cursor) + PAGE_SIZE;
        return {
          items: newest.slice(Number(cursor), end).map((post) => this.createOf(context, post)),
          nextCursor: end < newest.length ? String(end) : null,
        };
      })
      .setFirstCursor(() => "0")
      .setCounter((_context, identifier) => living(identifier).length);
    for (const [kind, path] of [[Note, "/notes/{number}"], [Event, "/events/{number}"]]) {
      federation.setObjectDispatcher(kind, path, (context, { number }) => {
        const post = this.posts.get(number);
        const object = post == null || !isShown(post) ? null : this.objectOf(context, post);
        return object instanceof kind ? object : null;
      });
    }
  }

  async describeActor(context, identifier) {
    const actor = this.actors.get(identifier);
    if (actor == null) return null;
    const id = context.getActorUri(identifier);
    if (actor.gone) return new Tombstone({ id, deleted: Temporal.Now.instant() });
    const keys = await context.getActorKeyPairs(identifier);
    return new vocab[actor.type]({
      id,
      preferredUsername: identifier,
      name: actor.name,
      summary: "<p>Ein fremder Server zum Prüfen.</p>",
      indexable: true, // FEP-5feb: its notes may be found
      url: identifier === FIRST ? new URL("/", id) : id,
      inbox: context.getInboxUri(identifier),
      outbox: context.getOutboxUri(identifier),
      followers: context.getFollowersUri(identifier),
      following: context.getFollowingUri(identifier),
      endpoints: actor.sharedInbox ? new vocab.Endpoints({ sharedInbox: context.getInboxUri() }) : null,
      publicKey: keys[0].cryptographicKey,
      assertionMethods: keys.map((key) => key.multikey),
      aliases: actor.alsoKnownAs.map((uri) => new URL(uri)),
      successor: actor.movedTo == null ? null : new URL(actor.movedTo),
    });
  }

  objectOf(context, post) {
    const kind = post.startTime == null ? Note : Event;
    const moment = (value) => (value == null ? null : Temporal.Instant.from(value));
    const mentioned = (post.mentions ?? []).map((uri) => new URL(uri));
    return new kind({
      id: context.getObjectUri(kind, { number: post.number }),
      attribution: context.getActorUri(post.author),
      name: post.name ?? null,
      summary: post.summary ?? null,
      content: post.content,
      mediaType: "text/html",
      url: new URL(`/posts/${post.number}`, this.origin),
      startTime: moment(post.startTime),
      endTime: moment(post.endTime),
      published: moment(post.published),
      updated: moment(post.updated),
      replyTarget: post.inReplyTo == null ? null : new URL(post.inReplyTo),
      location: post.location == null ? null : new Place(post.location),
      tags: mentioned.map((href) => new vocab.Mention({ href, name: href.href })),
      ...(post.quote == null ? {} : { quote: new URL(post.quote), quoteUrl: new URL(post.quote) }),
      ...this.audience(context, post),
    });
  }

  /** Returns the receivers of a post or of what is said about it: of a direct one only those whom it mentions. */
  audience(context, post) {
    const mentioned = (post.mentions ?? []).map((uri) => new URL(uri));
    if (post.direct) return { tos: mentioned };
    return { tos: [PUBLIC_COLLECTION], ccs: [context.getFollowersUri(post.author), ...mentioned] };
  }

  about(context, kind, post, object, suffix) {
    const actor = context.getActorUri(post.author);
    return new kind({ id: new URL(`#${suffix}`, object.id), actor, object, ...this.audience(context, post) });
  }

  createOf(context, post) {
    return this.about(context, Create, post, this.objectOf(context, post), "create");
  }

  // --- what it hears -------------------------------------------------------------------------------------------------
  #listen() {
    this.federation
      .setInboxListeners("/users/{identifier}/inbox", "/inbox")
      .on(Follow, (context, follow) => this.#followed(context, follow))
      .on(Accept, (context, accept) => this.#answered(context, accept, "accepted"))
      .on(Reject, (context, reject) => this.#answered(context, reject, "rejected"))
      .on(Undo, async (context, undo) => {
        await this.#remember(context, undo);
        const undone = await undo.getObject(context);
        if (!(undone instanceof Follow) || undo.actorId == null) return;
        const followed = context.parseUri(undone.objectId)?.identifier;
        this.actors.get(followed)?.followers.delete(undo.actorId.href);
      })
      .on(Activity, (context, activity) => this.#remember(context, activity))
      .onUnverifiedActivity((_context, activity, reason) => {
        if (this.unverified.length < MAX_REMEMBERED) {
          this.unverified.push({ id: activity.id?.href ?? null, reason: reason.type });
        }
      })
      .onError((_context, error) => console.error(error));
  }

  async #remember(context, activity) {
    if (this.received.length >= MAX_REMEMBERED) this.received.shift();
    const objectId = activity.objectId?.href ?? null; // before Fedify fetches what is of another origin, for its #…
    const object = activity instanceof Delete ? null : await activity.getObject(context);
    this.received.push({
      activity: activity.constructor.name,
      id: activity.id?.href ?? null,
      actor: activity.actorId?.href ?? null,
      objectId: objectId ?? object?.id?.href ?? null,
      to: activity.toIds.map((uri) => uri.href),
      cc: activity.ccIds.map((uri) => uri.href),
      result: activity.resultId?.href ?? null,
      object: await describe(object, context),
    });
    if (this.forwards != null && activity instanceof Create) await this.#forward(context);
  }

  /** Passes on what came, byte for byte, as servers do with what is said in a conversation of theirs. */
  async #forward(context) {
    const receiver = await context.lookupObject(this.forwards);
    await context.forwardActivity({ identifier: FIRST }, receiver, { skipIfUnsigned: true });
  }

  async #followed(context, follow) {
    await this.#remember(context, follow);
    const identifier = context.parseUri(follow.objectId)?.identifier;
    const actor = this.actors.get(identifier);
    const follower = await follow.getActor(context);
    if (actor == null || follower?.id == null) return;
    if (!actor.refuses) {
      const { id, inboxId, endpoints } = follower;
      actor.followers.set(id.href, { id, inboxId, endpoints, follow: follow.id.href });
    }
    const kind = actor.refuses ? Reject : Accept;
    const me = context.getActorUri(identifier);
    const answer = new kind({ id: new URL(`#answer-${crypto.randomUUID()}`, me), actor: me, object: follow });
    await context.sendActivity({ identifier }, follower, answer);
  }

  async #answered(context, activity, state) {
    const asked = activity.objectId?.href;
    await this.#remember(context, activity);
    for (const { following } of this.actors.values()) {
      const entry = following.get(activity.actorId?.href);
      if (entry != null && entry.id === asked) entry.state = state;
    }
  }

  // --- its door ------------------------------------------------------------------------------------------------------
  async respond(request) {
    const { pathname } = new URL(request.url);
    if (request.method !== "POST" || !pathname.endsWith("/inbox")) return await this.federation.fetch(request, {});
    const scheme = schemeOf(request.headers);
    const { context } = this;
    const documentLoader = await context.getDocumentLoader({ identifier: FIRST });
    const options = { documentLoader, contextLoader: context.contextLoader, keyCache: this.#keys };
    const { verified } = await verifyRequestDetailed(request.clone(), options);
    const wanted = this.accept === "both" || this.accept === scheme;
    const signature = request.headers.get("signature-input") ?? request.headers.get("signature");
    const response = await this.federation.fetch(verified && wanted ? request : await unsigned(request), {});
    const challenge = response.headers.get("accept-signature");
    if (this.arrivals.length < MAX_REMEMBERED) {
      this.arrivals.push({ path: pathname, scheme, verified, status: response.status, signature, challenge });
    }
    return response;
  }
}

/** Returns a request without what vouches for it, so that Fedify says what it says to those who did not sign. */
async function unsigned(request) {
  const headers = new Headers(request.headers);
  for (const name of ["signature", "signature-input", "content-length"]) headers.delete(name);
  const { proof: _proof, ...body } = await request.json();
  return new Request(request.url, { method: request.method, headers, body: JSON.stringify(body) });
}
