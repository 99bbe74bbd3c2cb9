/* A box for words that offers what fits while somebody types: [data-combobox] holds the address that is asked. It is an
   ordinary box until this script has made it a combobox (ARIA APG: editable, list, chosen by hand). The id of what was
   chosen lies in the hidden input before the box, until something else is typed. */
(() => {
  "use strict";
  const WAIT = 250; // ms of silence after a key
  const FEWEST = 2; // letters worth asking for
  const boxes = new WeakMap();

  class Combobox {
    constructor(root) {
      this.root = root;
      this.input = root.querySelector("input:not([type=hidden])");
      this.id = root.querySelector("input[type=hidden]");
      this.list = document.createElement("ul");
      this.list.id = `${this.input.id}-list`;
      this.list.className = "lt-combobox-list";
      this.list.hidden = true;
      this.list.setAttribute("role", "listbox");
      this.list.setAttribute("aria-label", root.dataset.label);
      root.append(this.list);
      const states = { role: "combobox", "aria-autocomplete": "list", "aria-expanded": "false", "aria-controls": this.list.id };
      for (const [name, value] of Object.entries(states)) this.input.setAttribute(name, value);
      this.input.addEventListener("input", () => this.typed());
      this.input.addEventListener("keydown", (event) => this.pressed(event));
      this.input.addEventListener("blur", () => this.close());
      this.list.addEventListener("mousedown", (event) => event.preventDefault()); // the focus stays in the box
      this.list.addEventListener("click", (event) => {
        const option = event.target.closest("[role=option]");
        if (option) this.choose(option);
      });
    }

    get options() {
      return [...this.list.querySelectorAll("[role=option]")];
    }

    get active() {
      return this.list.querySelector("[aria-selected=true]");
    }

    typed() {
      this.id.value = "";
      this.forget();
      this.close();
      if (this.input.value.trim().length >= FEWEST) this.waiting = setTimeout(() => this.ask(), WAIT);
    }

    forget() {
      clearTimeout(this.waiting);
      this.asking?.abort();
    }

    async ask() {
      this.forget();
      const asking = (this.asking = new AbortController());
      const words = this.input.value.trim();
      const address = `${this.root.dataset.combobox}?q=${encodeURIComponent(words)}`;
      try {
        const answer = await fetch(address, { signal: asking.signal, headers: { Accept: "application/json" } });
        if (!answer.ok) throw new Error(answer.statusText);
        const { entries } = await answer.json();
        if (asking.signal.aborted || document.activeElement !== this.input) return;
        this.show(entries);
      } catch (error) {
        if (error.name !== "AbortError") this.tell(this.root.dataset.trouble);
      }
    }

    show(entries) {
      const lines = entries.map((entry, number) => {
        const line = document.createElement("li");
        line.id = `${this.list.id}-${number}`;
        line.setAttribute("role", "option");
        line.setAttribute("aria-selected", "false");
        line.dataset.id = entry.id;
        line.dataset.title = entry.title;
        line.textContent = entry.title;
        if (entry.more) {
          const more = document.createElement("small");
          more.textContent = ` ${entry.more}`;
          line.append(more);
        }
        return line;
      });
      if (!lines.length) return this.tell(this.root.dataset.none);
      this.list.replaceChildren(...lines);
      this.open(this.root.dataset.some.replace("{count}", lines.length));
    }

    /* what is said stands where the offers would, and is read out */
    tell(text) {
      const line = document.createElement("li");
      line.className = "lt-combobox-note";
      line.setAttribute("role", "option");
      line.setAttribute("aria-disabled", "true");
      line.setAttribute("aria-selected", "false");
      line.textContent = text;
      this.list.replaceChildren(line);
      this.open(text);
    }

    open(said) {
      this.list.hidden = false;
      this.input.setAttribute("aria-expanded", "true");
      const live = document.getElementById("ui-live");
      if (live) live.textContent = said;
    }

    close() {
      this.list.hidden = true;
      this.input.setAttribute("aria-expanded", "false");
      this.input.removeAttribute("aria-activedescendant");
    }

    move(step) {
      const all = this.options.filter((option) => !option.hasAttribute("aria-disabled"));
      if (!all.length) return;
      const here = all.indexOf(this.active);
      const next = all[here < 0 ? (step > 0 ? 0 : all.length - 1) : (here + step + all.length) % all.length];
      this.active?.setAttribute("aria-selected", "false");
      next.setAttribute("aria-selected", "true");
      next.scrollIntoView({ block: "nearest" });
      this.input.setAttribute("aria-activedescendant", next.id);
    }

    choose(option) {
      if (option.hasAttribute("aria-disabled")) return;
      this.forget();
      this.input.value = option.dataset.title;
      this.id.value = option.dataset.id;
      this.close();
      this.input.dispatchEvent(new Event("change", { bubbles: true })); // what depends on it follows
    }

    pressed(event) {
      if (event.isComposing || event.ctrlKey || event.metaKey) return;
      const open = !this.list.hidden;
      if (event.key === "ArrowDown" || event.key === "ArrowUp") {
        event.preventDefault();
        if (open) this.move(event.key === "ArrowDown" ? 1 : -1);
        else if (this.input.value.trim().length >= FEWEST) this.ask();
      } else if (event.key === "Enter" && open && this.active) {
        event.preventDefault();
        this.choose(this.active);
      } else if (event.key === "Escape" && open) {
        event.preventDefault();
        event.stopPropagation();
        this.close();
      }
    }
  }

  const prepare = (root) => {
    const found = [...root.querySelectorAll("[data-combobox]")];
    if (root.matches?.("[data-combobox]")) found.push(root);
    for (const each of found) if (!boxes.has(each)) boxes.set(each, new Combobox(each));
  };
  prepare(document);
  document.addEventListener("htmx:load", (event) => prepare(event.target));
})();
