/* Draws and edits a geometry in a dialog and puts it into the text of its field, where the server checks it.
   Points and edges of neighbours catch what is drawn near them, by their true coordinates. Whoever cannot use a pointer
   types the same into the text. No texts here: they come with the element. */
const CATCH_POINT = 14, CATCH_EDGE = 9; /* pixels */
const LEAST = { Polygon: 3, LineString: 2, Point: 1 };
const OF_SHAPE = { polygon: "Polygon", line: "LineString", point: "Point" };
const exact = (position) => position.map((degrees) => Math.round(degrees * 1e9) / 1e9);

/* A geometry as lines of points that can be moved: `part` numbers the parts, rings are not closed here. */
const taken = (geometry) => {
  if (!geometry) return [];
  const kind = geometry.type.replace("Multi", "");
  const parts = geometry.type.startsWith("Multi") ? geometry.coordinates : [geometry.coordinates];
  const lines = { Point: (c) => [[c]], LineString: (c) => [c], Polygon: (c) => c.map((ring) => ring.slice(0, -1)) }[kind];
  return parts.flatMap((coordinates, part) => lines(coordinates).map((points) => ({ part, points: points.map((p) => p.slice(0, 2)) })));
};
const made = (lines, kind) => {
  const parts = [...new Set(lines.map((line) => line.part))].map((part) => {
    const own = lines.filter((line) => line.part === part).map((line) => line.points);
    return { Point: () => own[0][0], LineString: () => own[0], Polygon: () => own.map((ring) => [...ring, ring[0]]) }[kind]();
  });
  if (!parts.length) return null;
  return parts.length === 1 ? { type: kind, coordinates: parts[0] } : { type: `Multi${kind}`, coordinates: parts };
};
const feature = (geometry, properties = {}) => ({ type: "Feature", properties, geometry });
const collection = (features) => ({ type: "FeatureCollection", features });

export const edit = async (host, { open, boundsOf, token }) => {
  const field = host.closest("[data-geometry]"), around = host.closest("[data-map-root]");
  const words = JSON.parse(host.dataset.words), shapes = field.dataset.shapes.split(" ");
  const several = (kind) => shapes.includes(`multi-${Object.keys(OF_SHAPE).find((s) => OF_SHAPE[s] === kind)}`);
  const kinds = [...new Set(shapes.map((shape) => OF_SHAPE[shape.replace("multi-", "")]))];
  const given = field.dataset.value ? JSON.parse(field.dataset.value) : null;
  let kind = given ? given.type.replace("Multi", "") : kinds[0];
  let lines = taken(given), mode = lines.length ? "edit" : "draw", drawing = [], selected = null, offered = [];
  const past = [];

  const dialog = document.createElement("dialog");
  dialog.className = "lt-map-dialog";
  dialog.setAttribute("aria-label", words.title);
  const node = (tag, className, parent, text = "") => {
    const made = document.createElement(tag);
    made.className = className;
    made.textContent = text;
    parent.append(made);
    return made;
  };
  const bar = node("div", "lt-map-tools", dialog), box = node("div", "lt-map-box", dialog);
  const status = node("p", "lt-map-status", dialog), foot = node("div", "lt-map-tools", dialog);
  status.setAttribute("role", "status");
  const button = (label, act, parent = bar, look = "secondary") => {
    const made = node("button", `btn btn-${look} btn-sm`, parent, label);
    made.type = "button";
    made.addEventListener("click", act);
    return made;
  };
  document.body.append(dialog);
  dialog.addEventListener("close", () => (dialog.map?.remove(), dialog.remove()));
  dialog.showModal();
  const bounds = given ? boundsOf(given) : around?.dataset.mapBounds ? JSON.parse(around.dataset.mapBounds) : null;
  const { map } = await open(box, host.dataset, { tiles: around?.dataset.mapTiles, bounds });
  dialog.map = map;
  map.doubleClickZoom.disable();

  /* what is drawn */
  const [action, late, paper] = ["--lt-action", "--lt-late", "--lt-surface"].map(token);
  const add = (source, layers) => {
    map.addSource(source, { type: "geojson", data: collection([]) });
    layers.forEach(([id, type, paint, filter]) => map.addLayer({ id, type, source, paint, ...(filter ? { filter } : {}) }));
  };
  add("near", [["near", "line", { "line-color": action, "line-width": 1.5 }]]);
  add("draft", [
    ["draft-area", "fill", { "fill-color": late, "fill-opacity": 0.15 }, ["==", ["geometry-type"], "Polygon"]],
    ["draft-line", "line", { "line-color": late, "line-width": 2 }],
  ]);
  add("handles", [
    ["middles", "circle", { "circle-radius": 4, "circle-color": paper, "circle-stroke-color": late, "circle-stroke-width": 1 }, ["==", ["get", "what"], "middle"]],
    ["corners", "circle", { "circle-radius": 7, "circle-color": ["case", ["get", "selected"], action, late], "circle-stroke-color": paper, "circle-stroke-width": 2 }, ["==", ["get", "what"], "corner"]],
  ]);
  let neighbours = [];
  const tools = {};
  const show = () => {
    const handles = [];
    if (mode === "edit")
      lines.forEach((line, l) =>
        line.points.forEach((point, p) => {
          const at = (coordinates, what) => ({ type: "Point", coordinates });
          const chosen = !!selected && selected[0] === l && selected[1] === p;
          handles.push(feature(at(point), { what: "corner", l, p, selected: chosen }));
          const next = line.points[p + 1] || (kind === "Polygon" ? line.points[0] : null);
          if (next && kind !== "Point")
            handles.push(feature(at([(point[0] + next[0]) / 2, (point[1] + next[1]) / 2]), { what: "middle", l, p, selected: false }));
        }),
      );
    drawing.forEach((point) => handles.push(feature({ type: "Point", coordinates: point }, { what: "corner", selected: false })));
    const whole = made(lines.filter((line) => line.points.length >= LEAST[kind]), kind);
    const rubber = drawing.length > 1 ? [feature({ type: "LineString", coordinates: drawing })] : [];
    map.getSource("draft").setData(collection([...(whole ? [feature(whole)] : []), ...rubber]));
    map.getSource("handles").setData(collection(handles));
    map.getSource("near").setData(collection(neighbours));
    tools.undo.disabled = !past.length && !drawing.length;
    tools.remove.disabled = !selected;
    tools.finish.hidden = !["draw", "split"].includes(mode) || kind === "Point";
    if (tools.split) tools.split.disabled = tools.join.disabled = !made(lines, kind) || kind !== "Polygon";
    tools.use.disabled = !made(lines, kind);
  };
  const say = (text) => (status.textContent = text);
  const hint = () => say(words[mode === "draw" ? (kind === "Point" ? "hint_point" : "hint_draw") : `hint_${mode}`] || "");
  const remember = () => past.push(JSON.stringify({ lines, kind }));
  const enter = (next) => {
    mode = next;
    drawing = [];
    selected = null;
    map.getCanvas().style.cursor = next === "edit" ? "" : "crosshair";
    hint();
    show();
  };

  /* catching points and edges, own and of neighbours */
  const rings = (moved) => {
    const others = neighbours.flatMap(({ geometry }) => taken(geometry).map(({ points }) => ({ points, closed: geometry.type.includes("Polygon") })));
    const own = lines.map(({ points }, l) => ({ points: points.filter((_p, n) => !(moved && moved[0] === l && moved[1] === n)), closed: false }));
    return [...others, ...own];
  };
  const caught = (pixel, moved) => {
    let best = null, reach = CATCH_POINT;
    const all = rings(moved).map(({ points, closed }) => ({ points: closed ? [...points, points[0]] : points, seen: [] }));
    for (const line of all)
      for (const point of line.points) {
        const at = map.project(point), far = Math.hypot(at.x - pixel.x, at.y - pixel.y);
        line.seen.push(at);
        if (far < reach) [best, reach] = [point, far];
      }
    if (best) return best;
    reach = CATCH_EDGE;
    for (const { points, seen } of all)
      for (let n = 1; n < points.length; n++) {
        const [a, b] = [seen[n - 1], seen[n]], [dx, dy] = [b.x - a.x, b.y - a.y];
        const part = Math.min(1, Math.max(0, ((pixel.x - a.x) * dx + (pixel.y - a.y) * dy) / (dx * dx + dy * dy || 1)));
        const far = Math.hypot(a.x + part * dx - pixel.x, a.y + part * dy - pixel.y);
        if (far < reach) {
          const [from, to] = [points[n - 1], points[n]];
          [best, reach] = [exact([from[0] + part * (to[0] - from[0]), from[1] + part * (to[1] - from[1])]), far];
        }
      }
    return best || exact(map.unproject(pixel).toArray());
  };
  const look = async () => {
    if (!around || map.getZoom() < 14) return;
    const seen = map.getBounds();
    const bbox = [seen.getWest(), seen.getSouth(), seen.getEast(), seen.getNorth()].join(",");
    const answer = await fetch(`${around.dataset.mapRoot}gan/?bbox=${bbox}&tru=${around.dataset.mapEntry || 0}`).catch(() => null);
    if (answer?.ok) {
      neighbours = (await answer.json()).features;
      show();
    }
  };
  map.on("moveend", look);

  /* what the server works out: split and union */
  const ask = async (given) => {
    const token = field.closest("form").querySelector("[name=csrfmiddlewaretoken]").value;
    const answer = await fetch(`${around.dataset.mapRoot}cat-gop/`, {
      method: "POST", body: JSON.stringify(given), headers: { "X-CSRFToken": token, "Content-Type": "application/json" },
    }).catch(() => null);
    const found = answer ? await answer.json().catch(() => null) : null;
    if (answer?.ok && found) return found.parts;
    say(found ? [found.title, found.detail].filter(Boolean).join(" ") : words.failed);
    return null;
  };
  const take = (geometry) => {
    remember();
    lines = taken(geometry);
    kind = geometry.type.replace("Multi", "");
    offered.splice(0).forEach((each) => each.remove());
    enter("edit");
  };
  const splitBy = async (line) => {
    const parts = await ask({ area: made(lines, kind), line: { type: "LineString", coordinates: line } });
    enter("edit");
    if (!parts) return;
    say(words.choose);
    parts.forEach((part, n) => {
      const size = `${n + 1} (${part.area.toLocaleString(document.documentElement.lang)} m²)`;
      offered.push(button(`${words.keep} ${size}`, () => take(part.geometry), foot));
      offered.push(button(`${words.copy} ${n + 1}`, () => navigator.clipboard?.writeText(JSON.stringify(part.geometry)).then(() => say(words.copied)), foot, "quiet"));
    });
    map.getSource("near").setData(collection([...neighbours, ...parts.map((part) => feature(part.geometry))]));
  };

  /* pointer */
  const under = (event, ...layers) => map.queryRenderedFeatures([[event.point.x - 6, event.point.y - 6], [event.point.x + 6, event.point.y + 6]], { layers })[0];
  const finish = () => {
    const points = drawing.filter((point, n) => n === 0 || `${point}` !== `${drawing[n - 1]}`);
    if (mode === "split") return points.length > 1 ? splitBy(points) : enter("edit");
    if (points.length < LEAST[kind]) return say(words.too_few);
    remember();
    if (!several(kind)) lines = [];
    lines.push({ part: Math.max(-1, ...lines.map((line) => line.part)) + 1, points });
    return enter("edit");
  };
  map.on("click", (event) => {
    if (mode === "join") {
      const other = neighbours.find((each) => each.id === under(event, "areas", "edges")?.id);
      if (other) ask({ areas: [made(lines, kind), other.geometry] }).then((parts) => (parts ? take(parts[0].geometry) : enter("edit")));
    } else if (mode === "edit") {
      const corner = under(event, "corners");
      selected = corner ? [corner.properties.l, corner.properties.p] : null;
      show();
    } else {
      drawing.push(caught(event.point));
      if (mode === "draw" && kind === "Point") finish();
      else show();
    }
  });
  map.on("dblclick", () => ["draw", "split"].includes(mode) && finish());
  const drag = (event) => {
    if (mode !== "edit" || (event.points && event.points.length > 1)) return;
    const corner = under(event, "corners"), middle = corner ? null : under(event, "middles");
    if (!corner && !middle) return;
    event.preventDefault();
    const { l, p } = (corner || middle).properties;
    let moved = corner ? [l, p] : null;
    const move = (at) => {
      if (!moved) {
        moved = [l, p + 1];
        remember();
        lines[l].points.splice(p + 1, 0, exact(map.unproject(at.point).toArray()));
      } else if (corner && !move.begun) remember();
      move.begun = true;
      lines[moved[0]].points[moved[1]] = caught(at.point, moved);
      selected = moved;
      show();
    };
    const [moves, ends] = event.originalEvent.type.startsWith("touch") ? ["touchmove", "touchend"] : ["mousemove", "mouseup"];
    map.on(moves, move);
    map.once(ends, () => map.off(moves, move));
  };
  map.on("mousedown", drag);
  map.on("touchstart", drag);

  /* tools */
  const undo = () => {
    if (drawing.length) drawing.pop();
    else if (past.length) ({ lines, kind } = JSON.parse(past.pop()));
    selected = null;
    show();
  };
  const remove = () => {
    if (!selected) return;
    const line = lines[selected[0]];
    remember();
    if (line.points.length > LEAST[kind]) line.points.splice(selected[1], 1);
    else lines = lines.filter((each) => each !== line && !(lines.indexOf(line) === lines.findIndex((l) => l.part === line.part) && each.part === line.part));
    selected = null;
    show();
  };
  kinds.forEach((each) => button(words[`draw_${each}`], () => { if (each !== kind) { remember(); lines = []; kind = each; } enter("draw"); }));
  tools.finish = button(words.finish, finish, bar, "primary");
  tools.remove = button(words.remove, remove);
  tools.undo = button(words.undo, undo);
  if (around && kinds.includes("Polygon")) {
    tools.split = button(words.split, () => enter("split"));
    tools.join = button(words.join, () => enter("join"));
  }
  tools.use = button(words.use, () => {
    const text = field.querySelector("textarea"), form = field.closest("form");
    const control = (part) => form.elements[text.name.replace(/text$/, part)];
    text.value = JSON.stringify(made(lines, kind));
    control("system").value = "wgs84";
    if (control("exchange")) control("exchange").checked = false;
    text.dispatchEvent(new Event("input", { bubbles: true }));
    text.dispatchEvent(new Event("change", { bubbles: true }));
    dialog.close();
    text.focus();
  }, foot, "primary");
  button(words.cancel, () => dialog.close(), foot, "quiet");
  dialog.addEventListener("cancel", (event) => {
    if (mode === "edit" || (mode === "draw" && !drawing.length && !lines.length)) return;
    event.preventDefault(); /* Escape leaves the tool first, then the map */
    enter(lines.length ? "edit" : "draw");
  });
  dialog.addEventListener("keydown", (event) => {
    if ((event.ctrlKey || event.metaKey) && event.key === "z") undo();
    else if (["Delete", "Backspace"].includes(event.key)) drawing.length ? undo() : remove();
    else if (event.key === "Enter" && event.target.tagName !== "BUTTON" && drawing.length) finish();
    else return;
    event.preventDefault();
  });
  enter(mode);
  await look();
};
