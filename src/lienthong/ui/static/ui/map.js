/* Maps. The library is loaded when a map is opened, from this installation; nothing is asked of anybody else.
   No texts here: what is said comes from the page's data attributes.

   <lt-map data-library data-worker data-sheet …>     a map; with data-label it is a button that opens one
     data-tiles   address of vector tiles with {z}, {x}, {y}; else that of the nearest element with data-map-tiles
     data-card    address of an entry with 0 for its number, opened by a click
     data-place   GeoJSON that is shown and looked at
     data-bounds  [west, south, east, north] to begin with
   <lt-map-editor data-editor …>                      a button that opens a map to draw on: see map-editor.js */
const VIETNAM = [102, 8, 110, 23.5];

const token = (name) => getComputedStyle(document.documentElement).getPropertyValue(name).trim();

const loaded = {};
export const library = (data) => {
  loaded.sheet ??= new Promise((resolve) => {
    const sheet = document.createElement("link");
    sheet.rel = "stylesheet";
    sheet.href = data.sheet;
    sheet.onload = sheet.onerror = resolve;
    document.head.append(sheet);
  });
  loaded.library ??= import(data.library).then((found) => {
    found.setWorkerUrl(new URL(data.worker, location.href).href);
    return found;
  });
  return Promise.all([loaded.library, loaded.sheet]).then(([found]) => found);
};

/* Everything is drawn in the colours of the page: light, dark or of high contrast. */
export const style = (tiles) => {
  const [paper, action, soft, ink, late] = ["--lt-sunken", "--lt-action", "--lt-action-soft", "--lt-ink", "--lt-late"].map(token);
  const place = { type: "FeatureCollection", features: [] };
  const drawn = (id, type, paint, filter) => ({ id, type, source: "place", paint, ...(filter ? { filter } : {}) });
  const of = (id, layer, type, paint, filter) => ({
    id, type, source: "tiles", "source-layer": layer, paint, ...(filter ? { filter } : {}),
  });
  const kind = (name) => ["==", ["geometry-type"], name];
  return {
    version: 8,
    sources: {
      place: { type: "geojson", data: place },
      ...(tiles ? { tiles: { type: "vector", tiles: [tiles], minzoom: 4, maxzoom: 18 } } : {}),
    },
    layers: [
      { id: "paper", type: "background", paint: { "background-color": paper } },
      ...(tiles
        ? [
            of("crowd", "crowd", "fill", { "fill-color": action, "fill-opacity": 0.45 }),
            of("areas", "entries", "fill", { "fill-color": soft, "fill-opacity": 0.85 }, kind("Polygon")),
            of("edges", "entries", "line", { "line-color": action, "line-width": 1 }, ["!=", ["geometry-type"], "Point"]),
            of("points", "entries", "circle", { "circle-color": action, "circle-radius": 5 }, kind("Point")),
            of("found", "entries", "line", { "line-color": late, "line-width": 3 }, ["==", ["id"], -1]),
          ]
        : []),
      drawn("place-area", "fill", { "fill-color": late, "fill-opacity": 0.15 }, kind("Polygon")),
      drawn("place-line", "line", { "line-color": late, "line-width": 2.5 }, ["!=", ["geometry-type"], "Point"]),
      drawn("place-point", "circle", {
        "circle-color": late, "circle-radius": 6, "circle-stroke-color": ink, "circle-stroke-width": 1,
      }, kind("Point")),
    ],
  };
};

export const boundsOf = (geometry) => {
  const flat = geometry.coordinates.flat(4);
  const [west, south, east, north] = [[], [], [], []];
  flat.forEach((number, n) => (n % 2 ? (south.push(number), north.push(number)) : (west.push(number), east.push(number))));
  return [Math.min(...west), Math.min(...south), Math.max(...east), Math.max(...north)];
};

export const open = async (box, data, { tiles, bounds, zoomTo = 18 }) => {
  const library_ = await library(data);
  const [west, south, east, north] = bounds || VIETNAM;
  const map = new library_.Map({
    container: box,
    style: style(tiles && new URL(tiles, location.href).href.replaceAll("%7B", "{").replaceAll("%7D", "}")),
    bounds: [[west, south], [east, north]],
    fitBoundsOptions: { padding: 48, maxZoom: zoomTo },
    maxZoom: 22,
    attributionControl: false,
    dragRotate: false,
    pitchWithRotate: false,
    fadeDuration: 0,
    locale: JSON.parse(data.locale || "{}"),
  });
  map.touchZoomRotate.disableRotation();
  map.keyboard.disableRotation();
  map.addControl(new library_.NavigationControl({ showCompass: false }), "top-right");
  map.addControl(new library_.ScaleControl({ maxWidth: 120 }), "bottom-left");
  box.mapReady = new Promise((resolve) => map.once("idle", resolve)).then(() => map);
  const again = () => map.setStyle(style(tiles && new URL(tiles, location.href).href.replaceAll("%7B", "{").replaceAll("%7D", "}")));
  matchMedia("(prefers-color-scheme: dark)").addEventListener("change", again);
  await new Promise((resolve) => map.once("load", resolve));
  return { map, library: library_ };
};

const feature = (geometry) => ({ type: "Feature", properties: {}, geometry });

class Place extends HTMLElement {
  connectedCallback() {
    if (this.dataset.begun) return;
    this.dataset.begun = "yes";
    if (!this.dataset.label) return this.begin();
    if (!this.closest("[data-map-tiles]")) return;
    const button = document.createElement("button");
    button.type = "button";
    button.className = "btn btn-secondary btn-sm";
    button.textContent = this.dataset.label;
    button.addEventListener("click", () => (button.remove(), this.begin()));
    this.append(button);
  }
  async begin() {
    const data = this.dataset;
    const tiles = data.tiles || this.closest("[data-map-tiles]")?.dataset.mapTiles;
    const card = data.card || this.closest("[data-map-card]")?.dataset.mapCard;
    const place = data.place && JSON.parse(data.place);
    const box = document.createElement("div");
    box.className = "lt-map-box";
    this.append(box);
    const bounds = place ? boundsOf(place) : data.bounds ? JSON.parse(data.bounds) : null;
    const { map, library: found } = await open(box, data, { tiles, bounds });
    this.map = map;
    if (place) map.getSource("place").setData(feature(place));
    if (tiles && card) this.lead(map, found, card);
  }
  /* A click tells which entry it is, and leads to its card. */
  lead(map, found, card) {
    const under = (event) => map.queryRenderedFeatures(event.point, { layers: ["areas", "edges", "points"] })[0];
    map.on("mousemove", (event) => (map.getCanvas().style.cursor = under(event) ? "pointer" : ""));
    map.on("click", (event) => {
      const entry = under(event);
      map.setFilter("found", ["==", ["id"], entry ? entry.id : -1]);
      if (!entry) {
        const crowd = map.queryRenderedFeatures(event.point, { layers: ["crowd"] })[0];
        if (crowd) map.easeTo({ center: event.lngLat, zoom: Math.min(map.getZoom() + 2, 18) });
        return;
      }
      const link = document.createElement("a");
      link.href = card.replace("/0/", `/${entry.id}/`);
      link.textContent = entry.properties.name || `${entry.id}`;
      new found.Popup({ closeButton: false, focusAfterOpen: true }).setLngLat(event.lngLat).setDOMContent(link).addTo(map);
    });
  }
}

class Editor extends HTMLElement {
  connectedCallback() {
    if (this.dataset.begun) return;
    this.dataset.begun = "yes";
    const button = document.createElement("button");
    button.type = "button";
    button.className = "btn btn-secondary";
    button.textContent = this.dataset.label;
    button.addEventListener("click", async () => {
      const { edit } = await import(new URL(this.dataset.editor, location.href).href);
      await edit(this, { open, boundsOf, token });
    });
    this.append(button);
  }
}

customElements.define("lt-map", Place);
customElements.define("lt-map-editor", Editor);
