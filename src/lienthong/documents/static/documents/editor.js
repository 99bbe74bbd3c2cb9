/* The editor of drafts: a box with the text as it looks in the place of the one without looks, its tools, and what was
   typed kept in this browser until the server has it. What comes out is read by the server, which keeps of it what the
   decree knows (rules/editing.py). No texts here. */
(() => {
  "use strict";
  const SAVED_AFTER = 600;
  const form = document.querySelector("form[data-draft]");

  /* kept in this browser: one copy for each form that was opened */
  const store = {
    all: (draft) => {
      try {
        return Object.keys(localStorage)
          .filter((name) => name.startsWith(`draft-${draft}-`))
          .map((name) => ({ name, ...JSON.parse(localStorage.getItem(name)) }));
      } catch {
        return [];
      }
    },
    put: (name, value) => {
      try {
        localStorage.setItem(name, JSON.stringify(value));
      } catch {
        /* full or turned off: the text is still in the page */
      }
    },
    drop: (name) => {
      try {
        localStorage.removeItem(name);
      } catch {
        /* not kept */
      }
    },
  };

  /* the page of a draft: what the server has is not kept here any more */
  const saved = document.querySelector("[data-draft-saved]");
  if (saved) {
    const keys = saved.dataset.draftKeys.split(/\s+/);
    for (const copy of store.all(saved.dataset.draftSaved)) if (keys.includes(copy.key)) store.drop(copy.name);
  }
  if (!form) return;

  const blockOf = (area) => {
    let node = getSelection().anchorNode;
    while (node && node !== area && !(node.nodeType === 1 && /^(P|H3|H4|TD|TH|DIV)$/.test(node.nodeName)))
      node = node.parentNode;
    return node && node !== area && area.contains(node) ? node : null;
  };
  const cellOf = (area) => {
    const block = blockOf(area);
    return block && block.closest("td, th");
  };
  const run = (name, value) => document.execCommand(name, false, value);
  const as = (area, tag) => run("formatBlock", blockOf(area)?.nodeName === tag.toUpperCase() ? "p" : tag);
  const tools = {
    bold: () => run("bold"),
    italic: () => run("italic"),
    heading: (area) => as(area, "h4"),
    centred: (area) => as(area, "h3"),
    undo: () => run("undo"),
    redo: () => run("redo"),
    table: () =>
      run(
        "insertHTML",
        "<table><tbody><tr><th><br></th><th><br></th></tr><tr><td><br></td><td><br></td></tr></tbody></table><p><br></p>",
      ),
    row: (area) => {
      const row = cellOf(area)?.closest("tr");
      if (!row) return;
      const added = row.cloneNode(true);
      for (const cell of [...added.cells]) {
        const plain = document.createElement("td");
        plain.append(document.createElement("br"));
        cell.replaceWith(plain);
      }
      row.after(added);
    },
    column: (area) => {
      const cell = cellOf(area);
      if (!cell) return;
      const place = cell.cellIndex;
      for (const row of cell.closest("table").rows) {
        const added = document.createElement(row.cells[place]?.nodeName.toLowerCase() || "td");
        added.append(document.createElement("br"));
        if (row.cells[place]) row.cells[place].after(added);
        else row.append(added);
      }
    },
  };
  const changed = (area) => area.dispatchEvent(new Event("input", { bubbles: true }));

  const escaped = (text) => {
    const box = document.createElement("p");
    box.textContent = text;
    return box.innerHTML;
  };
  const inParagraphs = (text) => {
    const lines = text.split(/\r?\n/).filter((line) => line.trim());
    return lines.length > 1 ? lines.map((line) => `<p>${escaped(line)}</p>`).join("") : escaped(lines[0] || "");
  };
  const paste = async (area, event) => {
    event.preventDefault();
    const html = event.clipboardData.getData("text/html");
    const text = event.clipboardData.getData("text/plain");
    const range = getSelection().rangeCount ? getSelection().getRangeAt(0) : null;
    let clean = inParagraphs(text);
    if (html) {
      try {
        const body = new FormData();
        body.set("html", html);
        body.set("csrfmiddlewaretoken", form.elements.csrfmiddlewaretoken.value);
        const answer = await fetch(form.dataset.clean, { method: "POST", body });
        if (answer.ok) clean = await answer.text();
      } catch {
        /* without a connection the words come without their looks */
      }
    }
    area.focus();
    if (range) {
      getSelection().removeAllRanges();
      getSelection().addRange(range);
    }
    run("insertHTML", clean);
  };

  const editors = [];
  const begin = (box) => {
    const plain = box.querySelector("[data-editor-text]");
    const bar = box.querySelector("[data-editor-tools]");
    const area = document.createElement("div");
    area.className = "draft-area";
    area.contentEditable = "true";
    area.lang = "vi";
    area.id = `${plain.id}_area`;
    area.setAttribute("role", "textbox");
    area.setAttribute("aria-multiline", "true");
    area.setAttribute("aria-labelledby", `${plain.id}_label`);
    area.append(box.querySelector("template[data-editor-html]").content.cloneNode(true));
    if (!area.textContent.trim()) area.innerHTML = "<p><br></p>";
    plain.hidden = true;
    plain.disabled = true;
    plain.before(area);
    box.querySelector("label").addEventListener("click", () => area.focus());
    bar.hidden = false;
    bar.addEventListener("mousedown", (event) => event.preventDefault());
    bar.addEventListener("click", (event) => {
      const tool = event.target.closest("[data-do]");
      if (!tool) return;
      area.focus();
      run("styleWithCSS", false);
      tools[tool.dataset.do](area);
      changed(area);
      pressed();
    });
    const pressed = () => {
      if (!area.contains(getSelection().anchorNode)) return;
      const block = blockOf(area)?.nodeName;
      const on = {
        bold: document.queryCommandState("bold"),
        italic: document.queryCommandState("italic"),
        heading: block === "H4",
        centred: block === "H3",
      };
      for (const tool of bar.querySelectorAll("[aria-pressed]"))
        tool.setAttribute("aria-pressed", String(Boolean(on[tool.dataset.do])));
    };
    document.addEventListener("selectionchange", pressed);
    area.addEventListener("paste", (event) => paste(area, event));
    area.addEventListener("drop", (event) => event.preventDefault());
    area.addEventListener("focus", () => run("defaultParagraphSeparator", "p"));
    editors.push({ name: box.dataset.editor, area });
  };
  document.querySelectorAll("[data-editor]").forEach(begin);
  form.addEventListener("formdata", (event) => {
    for (const { name, area } of editors) event.formData.set(name, area.innerHTML);
  });

  /* who signs, from the post that was chosen */
  const signers = form.querySelector("[data-draft-signers]");
  form.querySelectorAll("[data-draft-plain]").forEach((part) => {
    part.hidden = true;
  });
  signers?.addEventListener("change", () => {
    const chosen = signers.selectedOptions[0].dataset;
    if (chosen.title === undefined) return;
    form.elements["chuc-vu"].value = chosen.title;
    form.elements["nguoi-ky"].value = chosen.name;
    form.elements["quyen-ky"].value = chosen.powers.split("|").filter(Boolean).join("\n");
  });

  /* Enter in a box of the chooser of recipients presses the button beside it, it does not save */
  for (const line of form.querySelectorAll(".documents-look-line"))
    line.addEventListener("keydown", (event) => {
      if (event.key !== "Enter" || event.target.nodeName !== "INPUT") return;
      event.preventDefault();
      line.querySelector("button").click();
    });

  /* nothing that was typed is lost */
  const OWN = ["csrfmiddlewaretoken", "_lan", "_goc"];
  const CHOSEN = "noi-nhan=";
  const draft = form.dataset.draft;
  const name = `draft-${draft}-${form.dataset.draftKey}`;
  const fields = () => [...form.elements].filter((field) => field.name && !field.disabled && !OWN.includes(field.name));
  const values = () => {
    const found = {};
    for (const { name: of, area } of editors) found[of] = area.innerHTML;
    for (const field of fields()) {
      if (field.matches("[type=checkbox]")) found[`${field.name}=${field.value}`] = field.checked;
      else if (!field.matches("button")) found[field.name] = field.value;
    }
    return found;
  };
  const fill = (from) => {
    for (const { name: of, area } of editors) if (of in from) area.innerHTML = from[of];
    for (const field of fields()) {
      if (field.matches("[type=checkbox]")) field.checked = Boolean(from[`${field.name}=${field.value}`]);
      else if (!field.matches("button") && field.name in from) field.value = from[field.name];
    }
  };
  const hidden = (of, value) => {
    const input = document.createElement("input");
    Object.assign(input, { type: "hidden", name: of, value });
    form.append(input);
  };
  /* who was chosen then and does not stand in the page now: the server shows them, in the form as it is */
  const chooseAnew = (from) => {
    const there = new Set(fields().map((field) => `${field.name}=${field.value}`));
    const missing = Object.keys(from).filter((each) => each.startsWith(CHOSEN) && from[each] && !there.has(each));
    for (const each of missing) hidden("noi-nhan", each.slice(CHOSEN.length));
    if (!missing.length) return;
    hidden("_tim", "1");
    form.requestSubmit();
  };
  const asItCame = JSON.stringify(values());
  let later = 0;
  const keep = () => store.put(name, { key: form.dataset.draftKey, at: Date.now(), values: values() });
  form.addEventListener("input", () => {
    clearTimeout(later);
    later = setTimeout(keep, SAVED_AFTER);
  });
  form.addEventListener("submit", keep);
  addEventListener("pagehide", () => {
    if (JSON.stringify(values()) !== asItCame) keep();
  });

  const found = form.querySelector("[data-draft-found]");
  const others = store.all(draft).filter((copy) => {
    const same = copy.name === name || JSON.stringify(copy.values) === asItCame;
    if (same && copy.name !== name) store.drop(copy.name);
    return !same;
  });
  const newest = others.sort((one, other) => other.at - one.at)[0];
  if (newest && !("draftTyped" in form.dataset)) {
    found.hidden = false;
    found.querySelector("[data-draft-when]").textContent = new Date(newest.at).toLocaleString(
      document.documentElement.lang,
    );
    found.querySelector("[data-draft-take]").addEventListener("click", () => {
      fill(newest.values);
      store.drop(newest.name);
      found.hidden = true;
      editors[0]?.area.focus();
      keep();
      chooseAnew(newest.values);
    });
    found.querySelector("[data-draft-forget]").addEventListener("click", () => {
      others.forEach((copy) => store.drop(copy.name));
      found.hidden = true;
    });
  }
})();
