/* Small helps on top of pages that work without them. No texts here: what is said comes from the page's data attributes. */
(() => {
  "use strict";
  const each = (selector, act, root = document) => root.querySelectorAll(selector).forEach(act);
  const typing = (target) =>
    target.closest("input:not([type=checkbox]):not([type=radio]), textarea, select, [contenteditable]");
  const say = (text) => {
    const live = document.getElementById("ui-live");
    if (live) live.textContent = text;
  };
  const kept = (name, value) => {
    try {
      return value === undefined ? localStorage.getItem(name) : localStorage.setItem(name, value);
    } catch {
      return null;
    }
  };

  /* dialogs: <a href="#id" data-dialog="id"> opens the <dialog> of that id */
  const openDialog = (id) => {
    const dialog = document.getElementById(id);
    if (dialog && !dialog.open) dialog.showModal();
  };
  document.addEventListener("click", (event) => {
    const opener = event.target.closest("[data-dialog]");
    if (opener) {
      event.preventDefault();
      openDialog(opener.dataset.dialog);
    }
    if (event.target.matches("dialog")) {
      const box = event.target.getBoundingClientRect();
      const inside =
        event.clientX >= box.left &&
        event.clientX <= box.right &&
        event.clientY >= box.top &&
        event.clientY <= box.bottom;
      if (!inside) event.target.close();
    }
  });

  /* menus close from outside and with Escape */
  const closeMenus = (except) =>
    each("details[data-menu][open]", (menu) => {
      if (menu !== except) menu.open = false;
    });
  document.addEventListener("click", (event) => closeMenus(event.target.closest("details[data-menu]")));
  document.addEventListener("keydown", (event) => {
    const menu = event.key === "Escape" && event.target.closest("details[data-menu][open]");
    if (menu) {
      menu.open = false;
      menu.querySelector("summary").focus();
    }
  });

  /* from the summary of errors to the question, label in sight, address unchanged */
  document.addEventListener("click", (event) => {
    const link = event.target.closest(".lt-error-summary a[href^='#']");
    const target = link && document.getElementById(link.hash.slice(1));
    if (!target) return;
    event.preventDefault();
    (target.closest(".lt-row") || target).scrollIntoView();
    target.focus({ preventScroll: true });
  });

  /* theme: at once here, kept by the server */
  document.addEventListener("submit", (event) => {
    const form = event.target.closest("[data-theme-form]");
    if (!form || !event.submitter) return;
    event.preventDefault();
    const theme = event.submitter.value;
    if (theme === "auto") delete document.documentElement.dataset.bsTheme;
    else document.documentElement.dataset.bsTheme = theme;
    each("[data-theme-form] button", (button) => button.setAttribute("aria-pressed", String(button.value === theme)));
    fetch(form.action, { method: "POST", body: new FormData(form, event.submitter), redirect: "manual" });
  });

  /* copy */
  document.addEventListener("click", async (event) => {
    const button = event.target.closest("[data-copy]");
    if (!button) return;
    await navigator.clipboard.writeText(button.parentElement.querySelector("[data-copy-text]").textContent.trim());
    button.classList.add("done");
    say(button.dataset.copied);
    setTimeout(() => button.classList.remove("done"), 2000);
  });

  /* files: told before they travel that they are too large or of a wrong kind; the server checks again */
  const readable = (bytes) => {
    const [value, unit] = bytes >= 1048576 ? [bytes / 1048576, "MB"] : [bytes / 1024, "KB"];
    return `${value.toFixed(value < 10 ? 1 : 0).replace(".", ",")}\u00a0${unit}`;
  };
  const accepted = (file, accept) =>
    !accept ||
    accept
      .split(",")
      .map((kind) => kind.trim().toLowerCase())
      .some((kind) =>
        kind.startsWith(".")
          ? file.name.toLowerCase().endsWith(kind)
          : kind.endsWith("/*")
            ? file.type.startsWith(kind.slice(0, -1))
            : file.type === kind,
      );
  const problemOf = (file, input, box) => {
    const limit = Number(box.dataset.limitMb) * 1048576;
    if (limit && file.size > limit)
      return box.dataset.tooLarge.replace("{size}", readable(file.size)).replace("{limit}", readable(limit));
    if (!accepted(file, input.accept))
      return box.dataset.wrongKind.replace("{kinds}", box.dataset.kinds || input.accept);
    return "";
  };
  document.addEventListener("change", (event) => {
    const box = event.target.type === "file" && event.target.closest("[data-files]");
    if (!box) return;
    const problems = [...event.target.files]
      .map((file) => problemOf(file, event.target, box).replace("{name}", file.name))
      .filter(Boolean);
    box.querySelector(".lt-files-problem").textContent = problems.join(" ");
    event.target.setCustomValidity(problems.join(" "));
    if (problems.length) event.target.setAttribute("aria-invalid", "true");
    else event.target.removeAttribute("aria-invalid");
  });
  for (const [name, over] of [
    ["dragover", true],
    ["dragleave", false],
    ["drop", false],
  ]) {
    document.addEventListener(name, (event) => event.target.closest?.("[data-files]")?.classList.toggle("over", over));
  }
  const filesRefused = (form) => {
    const wrong = [...form.querySelectorAll("[data-files] input[type=file]")].find(
      (input) => input.validity.customError,
    );
    wrong?.focus();
    return Boolean(wrong);
  };

  /* forms sent by htmx are held back likewise, and say how far they are */
  document.addEventListener("htmx:beforeRequest", (event) => {
    const form = event.target.closest("form");
    if (form && event.detail.requestConfig.verb !== "get" && filesRefused(form)) event.preventDefault();
  });
  document.addEventListener("htmx:xhr:progress", (event) => {
    const { loaded, total, lengthComputable } = event.detail;
    if (!lengthComputable) return;
    each(
      "[data-upload-progress]",
      (box) => {
        if (!box.closest("[data-files]").querySelector("input[type=file]").files.length) return;
        box.hidden = false;
        box.querySelector("progress").value = (100 * loaded) / total;
        box.querySelector("[data-upload-text]").textContent = `${Math.round((100 * loaded) / total)}%`;
      },
      event.target,
    );
  });

  /* a form is sent once; what was typed is not left by mistake */
  const changed = new Set();
  document.addEventListener("input", (event) => {
    const form = event.target.closest?.("form[data-unsaved]");
    if (form) changed.add(form);
  });
  document.addEventListener("submit", (event) => {
    const form = event.target;
    changed.delete(form);
    if (event.defaultPrevented || form.method !== "post" || form.hasAttribute("data-again")) return;
    if (filesRefused(form)) {
      event.preventDefault();
      return;
    }
    if (form.dataset.sent) {
      event.preventDefault();
      return;
    }
    form.dataset.sent = "yes";
    if (event.submitter) {
      event.submitter.setAttribute("aria-busy", "true");
      event.submitter.dataset.busy = "";
    }
  });
  const ready = () => {
    each("form[data-sent]", (form) => delete form.dataset.sent);
    each("[data-busy]", (button) => {
      button.removeAttribute("aria-busy");
      delete button.dataset.busy;
    });
  };
  addEventListener("pageshow", ready);
  document.addEventListener("htmx:afterRequest", ready);
  addEventListener("beforeunload", (event) => {
    if ([...changed].some((form) => form.isConnected)) event.preventDefault();
  });

  /* keyboard of the desk; single keys can be turned off (WCAG 2.1.4) */
  const rows = () =>
    [...document.querySelectorAll("table[data-rows] tbody tr")].filter((row) => row.querySelector("[data-row-link]"));
  const move = (step) => {
    const all = rows();
    const here = all.indexOf(document.activeElement?.closest("tr"));
    const next = all[here < 0 ? (step > 0 ? 0 : all.length - 1) : here + step];
    next?.querySelector("[data-row-link]").focus();
    next?.scrollIntoView({ block: "nearest" });
  };
  const enter = (box) => {
    box?.focus();
    box?.select();
  };
  const press = (target) => (typing(target) ? enter(target) : target.click());
  const keys = {
    j: () => move(1),
    k: () => move(-1),
    x: () => document.activeElement?.closest("tr")?.querySelector("[data-row-pick]")?.click(),
    "/": () => enter(document.querySelector("[data-search]")),
    "?": () => openDialog("keyboard-help"),
  };
  let going = 0;
  document.addEventListener("keydown", (event) => {
    if (!document.body.matches(".lt-desk") || event.defaultPrevented || event.ctrlKey || event.metaKey || event.altKey)
      return;
    if (typing(event.target) || document.querySelector("dialog[open]") || kept("keys-off")) return;
    if (going && Date.now() - going < 1500) {
      going = 0;
      const link = document.querySelector(`[data-go="${CSS.escape(event.key)}"]`);
      if (link) {
        event.preventDefault();
        link.click();
      }
    } else if (event.key === "g") going = Date.now();
    else if (event.key.length === 1 && document.querySelector(`[data-press="${CSS.escape(event.key)}"]`)) {
      event.preventDefault();
      if (!event.repeat) press(document.querySelector(`[data-press="${CSS.escape(event.key)}"]`));
    } else if (keys[event.key]) {
      event.preventDefault();
      keys[event.key]();
    }
  });
  document.addEventListener("change", (event) => {
    if (!event.target.matches("[data-keys-off]")) return;
    try {
      if (event.target.checked) localStorage.setItem("keys-off", "yes");
      else localStorage.removeItem("keys-off");
    } catch {
      /* not kept */
    }
  });
  const listGoKeys = () => {
    const list = document.querySelector("[data-go-list]");
    const row = document.querySelector("[data-go-row]");
    if (!list || !row || list.children.length) return;
    each("[data-go]", (link) => {
      const line = row.content.cloneNode(true);
      line.querySelector("[data-go-key]").textContent = link.dataset.go;
      if ("press" in link.dataset) line.querySelector("kbd").remove();
      line.querySelector("dd").textContent = (link.querySelector("[data-go-name]") || link).textContent.trim();
      list.append(line);
      list.hidden = false;
    });
  };

  /* what needs a script shows itself now; cards on phones get their labels and keep being a table to those who listen */
  const prepare = (root) => {
    each(
      "[data-copy]",
      (button) => {
        button.hidden = !navigator.clipboard;
      },
      root,
    );
    each(
      "button[data-dialog]",
      (button) => {
        button.hidden = false;
      },
      root,
    );
    each(
      "a[data-dialog]",
      (link) => {
        link.setAttribute("role", "button");
        link.setAttribute("aria-haspopup", "dialog");
      },
      root,
    );
    each(
      "[data-keys-off]",
      (box) => {
        box.checked = Boolean(kept("keys-off"));
      },
      root,
    );
    each(
      ".lt-table-cards",
      (table) => {
        table.setAttribute("role", "table");
        each("thead, tbody, tfoot", (part) => part.setAttribute("role", "rowgroup"), table);
        each("thead tr, tfoot tr", (row) => row.setAttribute("role", "row"), table);
        each("thead th", (cell) => cell.setAttribute("role", "columnheader"), table);
        const names = [...table.querySelectorAll("thead th")].map((cell) => cell.textContent.trim());
        each(
          "tbody tr",
          (row) => {
            row.setAttribute("role", "row");
            [...row.cells].forEach((cell, index) => {
              cell.setAttribute("role", cell.tagName === "TH" ? "rowheader" : "cell");
              if (cell.tagName === "TD" && !("label" in cell.dataset) && names[index] && cell.colSpan === 1)
                cell.dataset.label = names[index];
            });
          },
          table,
        );
      },
      root,
    );
    each(
      "[data-scroll]",
      (box) => {
        if (box.scrollWidth <= box.clientWidth + 1) return;
        box.tabIndex = 0;
        if (box.tagName !== "DIV") return;
        box.setAttribute("role", "region");
        box.setAttribute("aria-label", box.dataset.scroll);
      },
      root,
    );
    listGoKeys();
    root.querySelector("[data-error-summary]")?.focus();
  };
  prepare(document);
  document.addEventListener("htmx:load", (event) => {
    if (event.target !== document.body) prepare(event.target);
  });
})();
