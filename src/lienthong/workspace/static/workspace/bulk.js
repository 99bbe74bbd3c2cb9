/* Choosing several rows of a list: ranges with shift, the whole page, and in the bar what can be done to how many. The page
   works without it; then the bar shows what its rows offer together. */
(() => {
  "use strict";
  const picks = [...document.querySelectorAll("[data-row-pick]")];
  if (!picks.length) return;
  const bar = document.querySelector("[data-bulk]");
  const all = document.querySelector("[data-bulk-all]");
  const everything = document.querySelector("[data-bulk-everything]");
  const count = document.querySelector("[data-bulk-count]");
  const picked = document.querySelector("[data-picked-count]");
  const offers = [...document.querySelectorAll("[data-bulk-offer]")];
  let last = null;

  const refresh = () => {
    const chosen = picks.filter((pick) => pick.checked);
    if (picked) picked.textContent = `(${chosen.length})`;
    if (!bar) return;
    const whole = Boolean(everything?.checked);
    const meant = whole ? picks : chosen;
    all.checked = chosen.length === picks.length;
    all.indeterminate = chosen.length > 0 && chosen.length < picks.length;
    count.textContent = whole ? "" : chosen.length ? count.dataset.text.replace("{n}", chosen.length) : count.dataset.none;
    for (const offer of offers) {
      const fitting = meant.filter((pick) => pick.dataset.offers.split(" ").includes(offer.dataset.bulkOffer)).length;
      offer.hidden = !fitting;
      offer.querySelector("[data-bulk-number]").textContent = whole
        ? ""
        : fitting === chosen.length
          ? `(${fitting})`
          : `(${fitting}/${chosen.length})`;
    }
  };
  const range = (from, to, checked) => {
    const [first, end] = [picks.indexOf(from), picks.indexOf(to)].sort((a, b) => a - b);
    picks.slice(first, end + 1).forEach((pick) => {
      pick.checked = checked;
    });
  };
  const pick = (target, extend) => {
    if (extend && last && last !== target) range(last, target, target.checked);
    last = target;
    refresh();
  };

  document.addEventListener("click", (event) => {
    if (event.target.matches("[data-row-pick]")) pick(event.target, event.shiftKey);
  });
  document.addEventListener("change", (event) => {
    if (event.target === all) picks.forEach((each) => (each.checked = all.checked));
    if (event.target === all || event.target === everything) refresh();
  });
  document.addEventListener("keydown", (event) => {
    const plain = !event.ctrlKey && !event.metaKey && !event.altKey && !event.defaultPrevented;
    const writing = event.target.closest("input:not([type=checkbox]):not([type=radio]), textarea, select");
    let off = null;
    try {
      off = localStorage.getItem("keys-off");
    } catch {
      /* keys stay on */
    }
    if (!plain || writing || off || document.querySelector("dialog[open]")) return;
    if (event.key === "X") {
      const here = document.activeElement?.closest("tr")?.querySelector("[data-row-pick]");
      if (!here) return;
      event.preventDefault();
      here.checked = !here.checked;
      pick(here, true);
    } else if (event.key === "a" && all) {
      event.preventDefault();
      all.click();
    }
  });
  addEventListener("pageshow", refresh); // a browser that comes back keeps the boxes as they were
  document.querySelectorAll("[data-bulk-scripted]").forEach((part) => {
    part.hidden = false;
  });
  refresh();
})();
