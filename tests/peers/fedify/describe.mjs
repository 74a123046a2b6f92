// Says as plain JSON what Fedify understood: objects, actors, collections.

import { Mention, Place, QuoteAuthorization, traverseCollection } from "@fedify/vocab";

const MAX_ITEMS = 200;

export const text = (value) => (value == null ? null : value.toString());
const hrefs = (uris) => uris.map((uri) => uri.href);

/** Describes any object, an actor with its keys. */
export async function describe(object, context) {
  if (object == null) return null;
  return object.inboxId === undefined ? await describeThing(object, context) : await describeActor(object, context);
}

async function describeThing(object, context) {
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
    inReplyTo: object.replyTargetId?.href ?? null,
    to: hrefs(object.toIds),
    cc: hrefs(object.ccIds),
    location: null,
    tags: [],
    mentions: [],
  };
  const place = await object.getLocation(context);
  if (place instanceof Place) {
    described.location = { name: text(place.name), latitude: place.latitude, longitude: place.longitude };
  }
  for await (const tag of object.getTags(context)) {
    if (tag instanceof Mention) described.mentions.push({ href: tag.href?.href ?? null, name: text(tag.name) });
    else described.tags.push(text(tag.name));
  }
  return described;
}

async function describeActor(actor, context) {
  const keys = [];
  for await (const key of actor.getPublicKeys(context)) keys.push(key.id?.href ?? null);
  const multikeys = [];
  for await (const key of actor.getAssertionMethods(context)) multikeys.push(key.id?.href ?? null);
  return {
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
    featured: actor.featuredId?.href ?? null,
    publicKeys: keys,
    assertionMethods: multikeys,
  };
}

/** Counts what others did with an object, by the collections that it names; null where it names none. */
export async function reactions(object, context) {
  const totals = {};
  for (const [name, found] of [
    ["likes", await object.getLikes(context)],
    ["shares", await object.getShares(context)],
    ["replies", await object.getReplies(context)],
  ]) totals[name] = found == null ? null : { id: found.id?.href ?? null, total: found.totalItems };
  return totals;
}

/** Lists those who may quote an object without being asked about; null where it says nothing. */
export function quotable(object) {
  const rule = object?.interactionPolicy?.canQuote;
  return rule == null ? null : hrefs(rule.automaticApprovals);
}

export function describeStamp(stamp) {
  if (!(stamp instanceof QuoteAuthorization)) return null;
  return {
    attributedTo: stamp.attributionId?.href ?? null,
    interactingObject: stamp.interactingObjectId?.href ?? null,
    interactionTarget: stamp.interactionTargetId?.href ?? null,
  };
}

/** Describes a collection with what Fedify finds in it, page after page. */
export async function describeCollection(collection, context) {
  const items = [];
  for await (const item of traverseCollection(collection, context)) {
    const object = item.objectId === undefined ? null : await item.getObject(context);
    items.push({
      type: item.constructor.name,
      id: item.id?.href ?? null,
      object: object == null ? null : { type: object.constructor.name, id: object.id?.href ?? null },
    });
    if (items.length >= MAX_ITEMS) break;
  }
  return { type: collection.constructor.name, total: collection.totalItems, items };
}
