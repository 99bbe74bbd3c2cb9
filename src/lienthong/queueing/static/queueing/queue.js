/* Kiosk, poster and call screen: printing, going back to the start, the chime. Without scripts all pages still work. */
(() => {
  "use strict";
  const main = document.getElementById("main");
  if (!main) return;

  /* the paper prints itself; the kiosk goes back to its start when nobody touches it */
  if ("print" in main.dataset) print();
  const printNow = document.querySelector("[data-print-now]");
  if (printNow) {
    printNow.hidden = false;
    printNow.addEventListener("click", () => print());
  }
  const seconds = Number(main.dataset.idle);
  if (seconds) {
    let waiting = 0;
    const wait = () => {
      clearTimeout(waiting);
      waiting = setTimeout(() => location.replace(main.dataset.home), seconds * 1000);
    };
    for (const sign of ["pointerdown", "keydown"]) document.addEventListener(sign, wait);
    wait();
  }

  /* the call screen: a chime for every new call, a word when the connection is lost */
  if (!main.dataset.chime) return;
  const chime = new Audio(main.dataset.chime);
  const button = main.querySelector("[data-sound]");
  const lost = main.querySelector("[data-lost]");
  const calls = () => new Set(main.querySelector("[data-calls]").dataset.calls.split(" ").filter(Boolean));
  const play = () =>
    chime.play().then(
      () => (button.hidden = true),
      () => (button.hidden = false),
    );
  let known = calls();
  button.hidden = false; // until a chime was heard: browsers want to be asked by somebody in the room first
  button.addEventListener("click", play);
  document.addEventListener("htmx:afterSwap", () => {
    const now = calls();
    if ([...now].some((call) => !known.has(call))) play();
    known = now;
  });
  for (const failed of ["htmx:sendError", "htmx:responseError", "htmx:timeout"])
    document.addEventListener(failed, () => (lost.hidden = false));
  document.addEventListener("htmx:afterRequest", (event) => {
    if (event.detail.successful) lost.hidden = true;
  });
})();
