/* Small helps of the public pages; each works without. No texts here. */
(() => {
  "use strict";
  const each = (selector, act, root = document) => root.querySelectorAll(selector).forEach(act);
  const prepare = (root) => {
    each("[data-print]", (button) => { button.hidden = false; }, root);
    /* files travel as soon as they are chosen: the button for those without scripts goes */
    each("[data-without-script]", (button) => { button.hidden = true; }, root);
  };
  document.addEventListener("click", (event) => { if (event.target.closest("[data-print]")) window.print(); });
  document.addEventListener("htmx:load", (event) => { if (event.target !== document.body) prepare(event.target); });
  prepare(document);
})();
