// Draws maps: beside the list of a search, and of one place on its page. The page says in `data-map` what to draw.
// Nothing is loaded before a map is shown, and nothing from another server.

const PHONE = matchMedia("(max-width: 61.99rem)");
const CALM = matchMedia("(prefers-reduced-motion: reduce)");
const CLEAR = { autoPanPaddingTopLeft: [16, 112], autoPanPaddingBottomRight: [16, 16] }; // below the zoom buttons, which would lie on its own
const LEAST_ZOOM = 4;
const CLOSE_ZOOM = 15; // to see where one thing is
const NEARER = 2; // zooms, to part what stands close together
const PLACE_ZOOM = 11; // to see where it is among the places around
const DISTRICTS_FROM = 8; // zoom from which on the borders of districts are drawn
const LARGE = 100_000; // inhabitants of a place that is named in bold
const LETTER = 7.5, LINE = 18; // pixels that a name of a place takes

// --- Leaflet, once it is needed ---------------------------------------------------------------------------------------
let leaflet;

function load(setup) {
  leaflet ??= Promise.all([
    arrival(Object.assign(document.createElement("link"), { rel: "stylesheet", href: setup.style })),
    arrival(Object.assign(document.createElement("script"), { src: setup.script })),
  ]);
  return leaflet;
}

function arrival(element) {
  return new Promise((resolve, reject) => {
    element.onload = resolve;
    element.onerror = reject;
    document.head.prepend(element); // before our own style, which has the last word
  });
}

// A tab that is opened behind another one may have no size yet.
function sized(element) {
  return new Promise((resolve) => {
    const observer = new ResizeObserver(() => {
      if (!element.clientWidth || !element.clientHeight) return;
      observer.disconnect();
      resolve();
    });
    observer.observe(element);
  });
}

const unseen = (map) => !map.getSize().x || !map.getSize().y; // as on a phone, while the list is shown

function draw(element, setup) {
  tilesOfOurs();
  const calm = CALM.matches
    ? { zoomAnimation: false, fadeAnimation: false, markerZoomAnimation: false, inertia: false }
    : {};
  const map = L.map(element, { zoomControl: false, minZoom: LEAST_ZOOM, maxZoom: setup.nearest, ...calm });
  map.attributionControl.setPrefix(false).addAttribution(setup.attribution);
  const { nearer, further } = setup.words;
  L.control.zoom({ position: "topright", zoomInTitle: nearer, zoomOutTitle: further }).addTo(map);
  map.createPane("outlines").style.zIndex = 150; // below tiles, so that there is something where these are missing
  map.createPane("names").style.zIndex = 350;
  for (const name of ["outlines", "names"]) map.getPane(name).style.pointerEvents = "none";
  return map;
}

async function answer(url, signal) {
  const response = await fetch(url, { signal, headers: { Accept: "application/json" } });
  if (!response.ok) throw new Error(`${response.status}`);
  return response.json();
}

function frameOf(map) {
  const [b, limit] = [map.getBounds(), (value, most) => Math.max(-most, Math.min(most, value)).toFixed(5)];
  return [limit(b.getWest(), 180), limit(b.getSouth(), 85), limit(b.getEast(), 180), limit(b.getNorth(), 85)].join(",");
}

// --- the background: outlines and names -------------------------------------------------------------------------------
async function background(map, setup) {
  const [minNativeZoom, maxNativeZoom] = setup.zooms; // none without tiles
  if (setup.tiles) new Tiles(setup.tiles, { minNativeZoom, maxNativeZoom, maxZoom: setup.nearest }).addTo(map);
  else names(map, setup);
  await outlines(map, setup);
}

// Leaflet frees the tiles that it gives up by an image in a `data:` address, which our pages allow nobody.
let Tiles;

function tilesOfOurs() {
  const { _removeTile } = L.GridLayer.prototype;
  Tiles ??= L.TileLayer.extend({ _abortLoading() {}, _removeTile });
}

async function outlines(map, setup) {
  const data = await answer(setup.outlines);
  const points = (line) => {
    const [found, at] = [[], [0, 0]];
    line.forEach((step, number) => {
      at[number % 2] += step;
      if (number % 2) found.push([at[1] / data.massstab, at[0] / data.massstab]);
    });
    return found;
  };
  const style = (name) => ({ pane: "outlines", interactive: false, className: `outline outline-${name}` });
  L.polygon(data.aussen.map((ring) => [points(ring)]), style("country")).addTo(map);
  const districts = L.polyline(data.kreise.map(points), style("district"));
  L.polyline(data.laender.map(points), style("state")).addTo(map);
  const byZoom = () => (map.getZoom() >= DISTRICTS_FROM ? districts.addTo(map) : districts.remove());
  map.on("zoomend", byZoom);
  byZoom();
}

function names(map, setup) {
  const layer = L.layerGroup().addTo(map);
  let waiting;
  const show = async () => {
    if (unseen(map)) return;
    waiting?.abort();
    waiting = new AbortController();
    try {
      const places = await answer(`${setup.places}?rahmen=${frameOf(map)}&zoom=${map.getZoom()}`, waiting.signal);
      layer.clearLayers();
      for (const place of withRoom(map, places)) layer.addLayer(label(place));
    } catch (error) {
      if (error.name !== "AbortError") layer.clearLayers(); // a map without names is one all the same
    }
  };
  map.on("moveend", show);
  show();
}

function withRoom(map, places) {
  const taken = [];
  return places.filter(([name, latitude, longitude]) => {
    const { x, y } = map.latLngToContainerPoint([latitude, longitude]);
    const half = (name.length * LETTER) / 2 + 6;
    const free = taken.every((other) => Math.abs(other.x - x) > other.half + half || Math.abs(other.y - y) > LINE);
    if (free) taken.push({ x, y, half });
    return free;
  });
}

function label([name, latitude, longitude, inhabitants]) {
  const text = document.createElement("span");
  text.textContent = name;
  const className = `place-name${inhabitants >= LARGE ? " place-large" : ""}`;
  const icon = L.divIcon({ className, html: text, iconSize: null });
  return L.marker([latitude, longitude], { icon, pane: "names", interactive: false, keyboard: false });
}

// --- the hits of a search ---------------------------------------------------------------------------------------------
class Hits {
  constructor(map, setup, list, said) {
    Object.assign(this, { map, setup, list, said, shown: new Map(), wanted: null });
    this.layer = L.layerGroup().addTo(map);
    map.on("moveend", () => this.look());
  }

  async look() {
    if (unseen(this.map)) return;
    this.waiting?.abort();
    this.waiting = new AbortController();
    try {
      const url = `${this.setup.points}&rahmen=${frameOf(this.map)}&zoom=${this.map.getZoom()}`;
      const found = await answer(url, this.waiting.signal);
      this.show(found.features);
      this.said.textContent = found.words;
    } catch (error) {
      if (error.name !== "AbortError") this.said.textContent = this.setup.words.failed;
    }
  }

  // What is there already stays, so that neither focus nor an open popup is lost when the map is moved.
  show(features) {
    const before = this.shown;
    this.shown = new Map();
    for (const feature of features.sort((a, b) => b.geometry.coordinates[1] - a.geometry.coordinates[1])) {
      const key = JSON.stringify([feature.geometry.coordinates, feature.properties.count]);
      this.shown.set(key, before.get(key) ?? this.add(feature));
      before.delete(key);
    }
    for (const marker of before.values()) this.layer.removeLayer(marker);
    this.find();
  }

  // Opens the entry of the list that was chosen; while it is one of many at its place, the map goes nearer first.
  find() {
    if (!this.wanted) return;
    const { thing, spot } = this.wanted;
    const marker = [...this.shown.values()].find((one) => one.hrefs.has(thing));
    const nearest = this.map.getZoom() >= this.setup.nearest;
    if (!marker && !nearest) {
      if (this.map.getBounds().contains(spot)) this.map.setView(spot, this.map.getZoom() + NEARER);
      return;
    }
    this.wanted = null;
    if (marker) this.open(marker);
  }

  add({ geometry, properties }) {
    const [longitude, latitude] = geometry.coordinates;
    const one = properties.count === 1 && properties.things.length === 1; // of very many, one is a count too
    const size = one ? 32 : 36 + Math.round(7 * Math.log10(properties.count));
    const face = document.createElement("span");
    face.textContent = one ? "" : properties.label;
    const className = one ? `pin pin-${properties.things[0].slug}` : "bubble";
    const anchor = one ? [size / 2, size] : [size / 2, size / 2];
    const icon = L.divIcon({ className, html: face, iconSize: [size, size], iconAnchor: anchor });
    const marker = L.marker([latitude, longitude], { icon, riseOnHover: true });
    marker.hrefs = new Set(properties.things.map((thing) => thing.href));
    marker.properties = properties;
    this.layer.addLayer(marker);
    const element = marker.getElement();
    element.setAttribute("aria-label", properties.name);
    element.addEventListener("keydown", (event) => {
      if (event.key !== "Enter" && event.key !== " ") return;
      event.preventDefault();
      event.stopPropagation();
      this.choose(marker);
    });
    marker.on("click", () => this.choose(marker));
    for (const type of ["focus", "mouseenter"]) element.addEventListener(type, () => this.mark(marker, true));
    for (const type of ["blur", "mouseleave"]) element.addEventListener(type, () => this.mark(marker, false));
    return marker;
  }

  choose(marker) {
    const { frame, things } = marker.properties;
    const nearest = this.map.getZoom() >= this.setup.nearest;
    if (things.length || nearest) return this.open(marker);
    const bounds = L.latLngBounds([frame[1], frame[0]], [frame[3], frame[2]]);
    const zoom = Math.max(this.map.getZoom() + 1, Math.min(this.map.getBoundsZoom(bounds), this.map.getZoom() + 4));
    this.map.getContainer().focus({ preventScroll: true }); // what was chosen is about to go
    return this.map.setView(bounds.contains(marker.getLatLng()) ? bounds.getCenter() : marker.getLatLng(), zoom);
  }

  open(marker) {
    if (!marker.getPopup()) {
      const offset = marker.properties.count === 1 ? [0, -22] : [0, -6];
      marker.bindPopup(this.popup(marker), { minWidth: 200, maxWidth: Math.min(300, this.map.getSize().x - 70), offset, ...CLEAR });
      marker.off("click", marker._openPopup, marker); // it is opened here alone, and never closed by a second press
    }
    marker.openPopup();
    const popup = marker.getPopup().getElement();
    popup.querySelector(".leaflet-popup-close-button")?.setAttribute("aria-label", this.setup.words.close);
    popup.querySelector("a")?.focus({ preventScroll: true });
  }

  popup(marker) {
    const { things, more, list } = marker.properties;
    const made = (tag, className, text) => Object.assign(document.createElement(tag), { className, textContent: text });
    const box = made("div", "chart-popup", "");
    for (const thing of things) {
      const entry = made("div", "chart-entry", "");
      const title = Object.assign(made("a", "", thing.title), { href: thing.href });
      title.dir = "auto";
      entry.append(made("span", `badge badge-${thing.slug}`, thing.kind), title);
      for (const line of [thing.by, thing.when, thing.place]) if (line) entry.append(made("bdi", "chart-line", line));
      box.append(entry);
    }
    if (more) box.append(Object.assign(made("a", "go", more), { href: list }));
    box.addEventListener("keydown", (event) => {
      if (event.key !== "Escape") return;
      marker.closePopup();
      marker.getElement()?.focus({ preventScroll: true });
    });
    return box;
  }

  mark(marker, on) {
    for (const item of this.list) item.classList.toggle("marked", on && marker.hrefs.has(item.dataset.thing));
  }

  // A ring where an entry of the list is, whether or not it has a marker of its own.
  follow(item) {
    const spot = item.dataset.spot?.split(",").map(Number);
    if (!spot) return;
    const ring = L.circleMarker(spot, { radius: 22, interactive: false, className: "ring" });
    const marker = () => [...this.shown.values()].find((one) => one.hrefs.has(item.dataset.thing))?.getElement();
    const set = (on) => {
      if (on) ring.addTo(this.map);
      else ring.remove();
      marker()?.classList.toggle("marked", on);
    };
    for (const [on, types] of [[true, ["focusin", "mouseenter"]], [false, ["focusout", "mouseleave"]]])
      for (const type of types) item.addEventListener(type, () => set(on));
  }

  go(item) {
    const spot = item.dataset.spot.split(",").map(Number);
    this.wanted = { thing: item.dataset.thing, spot };
    this.map.setView(spot, Math.max(this.map.getZoom(), CLOSE_ZOOM));
    this.look(); // where the map was there already, it has not moved
  }
}

// --- the page of a search ---------------------------------------------------------------------------------------------
async function chart(side) {
  const setup = JSON.parse(side.dataset.map);
  const page = side.closest(".chart");
  const list = [...page.querySelectorAll("[data-thing]")];
  const said = side.querySelector(".chart-said");
  side.hidden = false;
  page.querySelector(".chart-plain").remove();
  const view = switcher(page);
  try {
    await load(setup);
  } catch {
    said.textContent = setup.words.failed;
    return;
  }
  await sized(side.querySelector(".chart-map"));
  const map = draw(side.querySelector(".chart-map"), setup);
  view.whenShown(() => side.offsetParent && map.invalidateSize()); // while it is hidden it has no size
  const hits = new Hits(map, setup, list, said);
  hereLink(page, map, setup);
  const [west, south, east, north] = setup.frame;
  map.fitBounds([[south, west], [north, east]]);
  for (const item of list) {
    hits.follow(item);
    if (item.dataset.spot) item.append(showButton(setup.words.show, () => { view.show("map"); hits.go(item); }));
  }
  await background(map, setup).catch(() => { said.textContent = setup.words.failed; });
}

function showButton(words, act) {
  const button = Object.assign(document.createElement("button"), { type: "button", textContent: words });
  button.className = "chart-show";
  button.addEventListener("click", act);
  return button;
}

function hereLink(page, map, setup) {
  const here = page.querySelector(".chart-here");
  const joint = setup.list.includes("?") ? "&" : "?";
  map.on("moveend", () => {
    here.querySelector("a").href = `${setup.list}${joint}rahmen=${frameOf(map)}`;
    here.hidden = false;
  });
}

// On a phone map and list take turns.
function switcher(page) {
  const group = page.querySelector(".chart-switch");
  const listeners = [];
  const show = (view) => {
    page.dataset.view = view;
    for (const button of group.children) button.setAttribute("aria-pressed", `${button.value === view}`);
    for (const listener of listeners) listener();
  };
  group.hidden = false;
  group.addEventListener("click", (event) => event.target.value && show(event.target.value));
  PHONE.addEventListener("change", () => show(page.dataset.view));
  show("map");
  return { show, whenShown: (listener) => listeners.push(listener) };
}

// --- the page of one thing --------------------------------------------------------------------------------------------
function placeMap(box) {
  const setup = JSON.parse(box.dataset.map);
  const [button, element, said] = box.children;
  box.hidden = false;
  button.addEventListener("click", async () => {
    button.hidden = true;
    element.hidden = false;
    try {
      await load(setup);
      await sized(element);
      const map = draw(element, setup);
      const spot = box.dataset.spot.split(",").map(Number);
      const icon = L.divIcon({ className: "pin", html: "<span></span>", iconSize: [32, 32], iconAnchor: [16, 32] });
      L.marker(spot, { icon, interactive: false, keyboard: false }).addTo(map);
      map.setView(spot, PLACE_ZOOM);
      map.getContainer().focus({ preventScroll: true });
      await background(map, setup);
    } catch {
      said.textContent = setup.words.failed;
    }
  });
}

// --- setting a point in a form ----------------------------------------------------------------------------------------
const STEP = 10; // pixels that an arrow key moves the point
const ARROWS = { ArrowUp: [0, -STEP], ArrowDown: [0, STEP], ArrowLeft: [-STEP, 0], ArrowRight: [STEP, 0] };
const WHOLE = [51.2, 10.4], WHOLE_ZOOM = 6; // Germany

class Picker {
  constructor(box) {
    this.box = box;
    this.form = box.closest("form");
    this.inputs = ["place.latitude", "place.longitude"].map((name) => this.form.elements[name]);
    this.said = box.querySelector(".chart-said");
    box.hidden = false;
    for (const input of this.inputs) input.addEventListener("change", () => this.typed());
    this.form.addEventListener("change", (event) => event.target.name === "place.choice" && this.chosen(event.target));
    const details = box.closest("details");
    const open = () => details.open && this.show();
    details.addEventListener("toggle", open);
    open();
  }

  async show() {
    if (this.shown) return;
    this.shown = true;
    const setup = JSON.parse(this.box.dataset.map);
    try {
      await load(setup);
      const element = this.box.querySelector(".chart-map");
      await sized(element);
      this.draw(draw(element, setup));
      await background(this.map, setup);
    } catch {
      this.said.textContent = setup.words.failed;
    }
  }

  draw(map) {
    this.map = map;
    const spot = this.read() ?? (this.box.dataset.spot ? this.box.dataset.spot.split(",").map(Number) : null);
    map.setView(spot ?? WHOLE, spot ? PLACE_ZOOM + 3 : WHOLE_ZOOM);
    const icon = L.divIcon({ className: "pin", html: "<span></span>", iconSize: [44, 44], iconAnchor: [22, 38] });
    const title = this.box.dataset.marker;
    this.marker = L.marker(spot ?? WHOLE, { icon, draggable: true, title, alt: title, autoPanOnFocus: false }).addTo(map);
    const pin = this.marker.getElement();
    pin.setAttribute("aria-label", title);
    pin.addEventListener("keydown", (event) => this.step(event));
    this.marker.on("dragend", () => this.put(this.marker.getLatLng()));
    map.on("click", (event) => this.put(event.latlng));
  }

  step(event) {
    const by = ARROWS[event.key];
    if (!by) return;
    event.preventDefault();
    event.stopPropagation(); // or the map would move as well
    const from = this.marker.getLatLng();
    const to = this.map.containerPointToLatLng(this.map.latLngToContainerPoint(from).add(by));
    this.put(by[0] ? L.latLng(from.lat, to.lng) : L.latLng(to.lat, from.lng)); // pixels are whole, degrees are not
  }

  put(point) {
    const { lat, lng } = point.wrap();
    this.write([lat, lng]);
    this.move([lat, lng]);
    this.inputs[0].dispatchEvent(new Event("input", { bubbles: true })); // it is saved as what is typed
  }

  move(point) {
    this.box.dataset.spot = point.join(",");
    if (!this.marker) return;
    this.marker.setLatLng(point);
    if (this.map.getZoom() <= WHOLE_ZOOM) this.map.setView(point, PLACE_ZOOM);
    else this.map.panInside(point, { padding: [40, 40] });
    this.said.textContent = `${this.box.dataset.said} ${this.inputs.map((input) => input.value).join(" / ")}`;
  }

  write(point) {
    this.inputs.forEach((input, number) => { input.value = point[number].toFixed(5).replace(".", ","); });
  }

  read() {
    const numbers = this.inputs.map((input) => parseFloat(input.value.replace(",", ".")));
    const fits = Math.abs(numbers[0]) <= 85 && Math.abs(numbers[1]) <= 180;
    return fits ? numbers : null;
  }

  typed() {
    const point = this.read();
    if (point) this.move(point);
  }

  chosen(radio) {
    const [latitude, longitude, postcode, ...name] = radio.value.split(";");
    [this.inputs[0].value, this.inputs[1].value] = [latitude, longitude];
    this.form.elements["place.postcode"].value = postcode;
    this.form.elements["place.locality"].value = name.join(";");
    this.typed();
  }
}

for (const box of document.querySelectorAll(".spot-map")) new Picker(box);
for (const box of document.querySelectorAll(".place-map")) placeMap(box);
for (const side of document.querySelectorAll(".chart-side")) chart(side);
