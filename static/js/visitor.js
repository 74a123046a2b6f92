// What is quicker with scripts; everything here works without them, too.
const status = document.createElement("p");
status.className = "unseen";
status.setAttribute("role", "status");
document.body.append(status);
const say = (words) => { status.textContent = ""; requestAnimationFrame(() => { status.textContent = words; }); };

// --- Merkliste: the button changes in place ---
const form = document.getElementById("merkliste");
const ownList = document.querySelector(".kept-page:not([data-foreign])");

function count(told) {
  let link = document.getElementById("zur-merkliste");
  if (!told.count) { link?.parentElement.remove(); return; }
  if (!link) {
    const item = document.createElement("li");
    link = Object.assign(document.createElement("a"), { id: "zur-merkliste", href: "/merkliste", rel: "nofollow" });
    link.append(`${told.menu} `, Object.assign(document.createElement("span"), { className: "kept-count" }));
    item.append(link);
    document.querySelector(".menu").append(item);
  }
  link.querySelector(".kept-count").textContent = told.count;
}

form?.addEventListener("submit", async (event) => {
  const button = event.submitter;
  if (ownList || !button?.classList.contains("keep")) return;
  event.preventDefault();
  if (button.ariaBusy === "true") return;
  button.ariaBusy = "true";
  try {
    const body = new URLSearchParams({ [button.name]: button.value });
    const answer = await fetch(form.action, { method: "POST", body, headers: { Accept: "application/json" } });
    if (!answer.ok) throw new Error(answer.statusText);
    const told = await answer.json();
    button.name = told.name;
    button.classList.toggle("kept", told.kept);
    const [words, title] = button.querySelectorAll("span");
    words.textContent = told.words;
    title.textContent = title.textContent.replace(told.hint, "") + (told.kept ? told.hint : "");
    count(told);
    say(told.said);
  } catch {
    form.append(Object.assign(document.createElement("input"), { type: "hidden", name: button.name, value: button.value }));
    form.submit();
  } finally {
    button.ariaBusy = "false";
  }
});

// --- printing, copying, sharing: buttons that scripts alone can serve ---
for (const button of document.querySelectorAll("[data-print]")) {
  button.hidden = false;
  button.addEventListener("click", () => window.print());
}
for (const field of document.querySelectorAll("[data-copy]")) {
  field.addEventListener("focus", () => field.select());
}
for (const button of document.querySelectorAll("[data-copies]")) {
  if (!navigator.clipboard) continue;
  button.hidden = false;
  button.addEventListener("click", async () => {
    await navigator.clipboard.writeText(document.getElementById(button.dataset.copies).value);
    say(button.dataset.said);
    button.textContent = button.dataset.said;
  });
}
for (const button of document.querySelectorAll("[data-share]")) {
  if (!navigator.share) continue;
  button.hidden = false;
  button.addEventListener("click", () => {
    navigator.share({ title: button.dataset.title, url: button.dataset.share }).catch(() => {});
  });
}
