// Adds a passkey, or signs in with one. Its forms stay hidden where the browser knows none; all else works without it.
"use strict";

const toBytes = (text) =>
  Uint8Array.from(atob(text.replaceAll("-", "+").replaceAll("_", "/")), (letter) => letter.charCodeAt(0));
const toText = (bytes) =>
  btoa(String.fromCharCode(...new Uint8Array(bytes))).replaceAll("+", "-").replaceAll("/", "_").replaceAll("=", "");

const ask = async (url, fields) => {
  const headers = { Accept: "application/json" };
  const answer = await fetch(url, { method: "POST", body: new URLSearchParams(fields), headers });
  const said = await answer.json();
  if (!answer.ok) throw new Error(said.fehler ?? "");
  return said;
};

const withBytes = (options) => {
  options.challenge = toBytes(options.challenge);
  if (options.user) options.user.id = toBytes(options.user.id);
  for (const list of [options.excludeCredentials, options.allowCredentials])
    for (const one of list ?? []) one.id = toBytes(one.id);
  return options;
};

const written = (credential) => {
  const response = {};
  for (const name of ["clientDataJSON", "attestationObject", "authenticatorData", "signature", "userHandle"])
    if (credential.response[name]) response[name] = toText(credential.response[name]);
  const { id, type, authenticatorAttachment } = credential;
  return JSON.stringify({ id, type, authenticatorAttachment, rawId: toText(credential.rawId), response });
};

const run = async (form) => {
  const problem = form.querySelector(".problem");
  const button = form.querySelector("button");
  problem.textContent = "";
  button.disabled = true;
  try {
    const fields = Object.fromEntries(new FormData(form));
    const publicKey = withBytes(await ask(form.dataset.start, fields));
    const credential = await navigator.credentials[form.dataset.passkey]({ publicKey });
    const said = await ask(form.action, { ...fields, antwort: written(credential) });
    location.assign(said.weiter);
  } catch (error) {
    const ours = error.constructor === Error && error.message;
    problem.textContent = ours || form.dataset.failed;
    button.disabled = false;
  }
};

if (window.PublicKeyCredential)
  for (const form of document.querySelectorAll("form[data-passkey]")) {
    form.hidden = false;
    form.addEventListener("submit", (event) => {
      event.preventDefault();
      run(form);
    });
  }
