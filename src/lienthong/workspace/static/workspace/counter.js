/* Speed at the counter, on top of pages that work without it: Enter goes on (Shift+Enter is a new line where there are
   several), Ctrl+Enter accepts, the first mistake has the focus, "all there" costs no journey to the server, a paper is printed without leaving the page. */
(() => {
  "use strict";
  const sheet = () => document.querySelector("form[data-counter]");
  const boxes = (form) =>
    [...form.querySelectorAll("input:not([type=hidden], [type=file]), select, textarea")].filter(
      (box) => !box.disabled && box.tabIndex >= 0 && box.getClientRects().length,
    );

  document.addEventListener("keydown", (event) => {
    const form = sheet();
    if (!form || event.key !== "Enter" || event.isComposing || event.altKey || event.shiftKey) return;
    const accept = document.getElementById("accept");
    if (event.ctrlKey || event.metaKey) {
      event.preventDefault();
      form.requestSubmit(accept);
      return;
    }
    const box = event.target;
    if (!form.contains(box) || !box.matches("input, select, textarea:not(#reason, #note)")) return;
    event.preventDefault();
    const all = boxes(form);
    const rest = all.slice(all.indexOf(box) + 1);
    const next = rest.find((other) => other.type !== "radio" || other.name !== box.name);
    const reason = next && next.id === "reason";
    (next && !reason ? next : accept).focus();
    if (next && !reason && next.matches("input:not([type=checkbox], [type=radio])")) next.select();
  });

  /* a checklist that comes back with other lines keeps what was counted while it was on its way */
  document.addEventListener("htmx:oobBeforeSwap", (event) => {
    const { target, fragment } = event.detail;
    if (target.id !== "checklist") return;
    for (const box of target.querySelectorAll("input")) {
      const same = fragment.querySelector(`[name="${CSS.escape(box.name)}"]`);
      if (!same) continue;
      same.value = box.value;
      same.checked = box.checked;
    }
  });

  /* Alt and a letter: in every browser, also in those whose own access keys want one key more */
  document.addEventListener("keydown", (event) => {
    if (!event.altKey || event.ctrlKey || event.metaKey || event.defaultPrevented || event.key.length !== 1) return;
    const pressed = document.querySelector(`[accesskey="${CSS.escape(event.key.toLowerCase())}"]`);
    if (!pressed) return;
    event.preventDefault();
    pressed.focus();
    pressed.click();
  });

  /* after a refusal, or on a fresh page: where to begin */
  const form = sheet();
  if (form) {
    const wrong = form.querySelector("[aria-invalid='true'], .lt-row-bad input, .lt-row-bad select, .lt-row-bad textarea");
    const empty = boxes(form).find((box) => box.getAttribute("aria-required") === "true" && !box.value);
    const first = form.hasAttribute("data-first-error") ? wrong : empty || boxes(form)[0];
    first?.focus();
  }

  document.querySelector(".counter-not-yet")?.addEventListener("toggle", (event) => {
    if (event.target.open && event.target.contains(document.activeElement)) document.getElementById("reason").focus();
  });
  document.addEventListener("click", (event) => {
    const all = event.target.closest("[data-everything]");
    if (all) {
      event.preventDefault();
      const counts = all.form.querySelectorAll("[data-want]");
      counts.forEach((box) => {
        const waived = box.closest("tr").querySelector("[type=checkbox]").checked;
        if (!waived && Number(box.dataset.want) > Number(box.value)) box.value = box.dataset.want;
      });
      all.form.dispatchEvent(new Event("change", { bubbles: true }));
      document.getElementById("accept").focus();
      return;
    }
    const print = event.target.closest("[data-print]");
    const frame = print && document.getElementById(print.dataset.print);
    if (!frame?.contentWindow) return;
    event.preventDefault();
    frame.contentWindow.focus();
    frame.contentWindow.print();
  });
})();
