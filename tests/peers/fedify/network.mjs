// Keeps the peer on this machine, and writes down each signed request that leaves it.

const MAX_KNOCKS = 10_000;
const plainFetch = globalThis.fetch;

export const knocks = []; // { keyId, method, url, scheme, status }

/** Says by which scheme a request is signed: "rfc9421", "cavage" or "none". */
export function schemeOf(headers) {
  if (headers.has("signature-input")) return "rfc9421";
  return headers.has("signature") ? "cavage" : "none";
}

// Fedify asks WebFinger of acct: names over https only, as it must on the net. Our test servers speak http on
// loopback, so https there is read as http. Anything beyond loopback is refused: a missing context is then an error.
globalThis.fetch = async (input, init) => {
  const url = new URL(input instanceof Request ? input.url : input);
  if (!/^127\.\d+\.\d+\.\d+$/.test(url.hostname)) throw new TypeError(`the peer does not leave this machine: ${url}`);
  if (url.protocol === "http:") return await noted(input, init);
  url.protocol = "http:";
  return await plainFetch(url, input instanceof Request ? { headers: input.headers, redirect: input.redirect } : init);
};

async function noted(input, init) {
  const { headers, method, url } = input instanceof Request ? input : new Request(input, { headers: init?.headers });
  const scheme = schemeOf(headers);
  const response = await plainFetch(input, init);
  if (scheme !== "none" && knocks.length < MAX_KNOCKS) {
    const said = headers.get("signature-input") ?? headers.get("signature");
    const keyId = /keyid="([^"]+)"/i.exec(said)?.[1] ?? "";
    knocks.push({ keyId, method, url, scheme, status: response.status });
  }
  return response;
}
