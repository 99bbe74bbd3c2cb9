/* Shows a password on request, and what a new one still lacks. Words come from the page. */
(() => {
  "use strict";
  const words = document.getElementById("password-words")?.dataset;
  if (!words) return;

  for (const box of document.querySelectorAll("input[type=password]")) {
    const frame = document.createElement("div");
    frame.className = "id-password";
    box.before(frame);
    const button = document.createElement("button");
    button.type = "button";
    button.className = "btn btn-secondary";
    button.textContent = words.show;
    button.setAttribute("aria-label", words.about);
    button.setAttribute("aria-pressed", "false");
    button.setAttribute("aria-controls", box.id);
    button.addEventListener("click", () => {
      const shown = box.type === "password";
      box.type = shown ? "text" : "password";
      button.textContent = shown ? words.hide : words.show;
      button.setAttribute("aria-pressed", String(shown));
    });
    frame.append(box, button);
    /* sent as a password again, so that browsers offer to keep it */
    box.form?.addEventListener("submit", () => { box.type = "password"; });
  }

  const plain = (text) => text.normalize("NFD").replace(/[\u0300-\u036f]/g, "").replace(/[đĐ]/g, "d").toLowerCase();
  const own = (ids) => ids.split(" ").flatMap((id) => plain(document.getElementById(id)?.value ?? "").split(/[\s@]+/)).filter((word) => word.length > 3);
  const fulfilled = {
    length: (typed, rule) => typed.length >= Number(rule.dataset.least),
    letters: (typed) => /\D/.test(typed),
    own: (typed, rule) => typed !== "" && !own(rule.dataset.of).some((word) => plain(typed).includes(word)),
  };
  for (const list of document.querySelectorAll("[data-password-rules]")) {
    const box = document.getElementById(list.dataset.passwordRules);
    if (!box) continue;
    const look = () => {
      for (const rule of list.querySelectorAll("[data-rule]")) {
        const done = fulfilled[rule.dataset.rule](box.value, rule);
        rule.classList.toggle("fulfilled", done);
        rule.querySelector("[data-fulfilled]").hidden = !done;
      }
    };
    list.hidden = false;
    box.setAttribute("aria-describedby", `${box.getAttribute("aria-describedby") ?? ""} ${list.id}`.trim());
    box.form.addEventListener("input", look);
    look();
  }
})();
