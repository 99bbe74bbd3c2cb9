/* A button that opens its answer elsewhere, such as a preview, sends nothing for good: the form stays as it is, may be sent
   again, and still warns before what was typed is left. The page's own listeners therefore never hear of it. */
document.addEventListener(
  "submit",
  (event) => {
    if (event.submitter?.formTarget) event.stopPropagation();
  },
  true,
);
