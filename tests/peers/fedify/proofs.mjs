// Fedify's own hands on proofs (FEP-8b32): verifies what stands on stdin, and signs something itself. One JSON line out.
import { signObject, verifyObject } from "@fedify/fedify";
import { Activity, Create, Note } from "@fedify/vocab";

let input = "";
process.stdin.setEncoding("utf8");
for await (const part of process.stdin) input += part;
const { actor, documents } = JSON.parse(input);

// The only document that may be asked for is the actor, which stands in the input.
const documentLoader = async (url) => {
  if (url.split("#")[0] !== actor.id) throw new Error(`nothing at ${url}`);
  return { contextUrl: null, document: actor, documentUrl: actor.id };
};

const verified = [];
for (const document of documents) {
  const found = await verifyObject(Activity, document, { documentLoader });
  verified.push(found?.id?.href ?? null);
}

const pair = await crypto.subtle.generateKey("Ed25519", true, ["sign", "verify"]);
const carla = "https://fedify.example/users/carla";
const note = new Note({
  id: new URL("https://fedify.example/notes/1"),
  attribution: new URL(carla),
  content: "<p>Grüße 🌍 aus Ṁǘnchen: „quoted“ \u2028 \\ 51.0</p>",
  to: new URL(`${carla}/followers`),
});
const create = new Create({
  id: new URL("https://fedify.example/activities/1"),
  actor: new URL(carla),
  object: note,
  to: new URL(`${carla}/followers`),
});
const signed = await signObject(create, pair.privateKey, new URL(`${carla}#ed25519-key`));
const raw = Buffer.from(await crypto.subtle.exportKey("raw", pair.publicKey)).toString("hex");
console.log(JSON.stringify({ verified, signed: await signed.toJsonLd({ format: "compact" }), key: raw }));
