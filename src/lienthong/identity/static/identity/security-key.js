/* Security keys: <form data-security-key="add|authenticate|sign-in" data-options="…"> asks the device and sends its answer. */
(() => {
  "use strict";
  const device = window.webauthnJSON;
  if (!device || !window.PublicKeyCredential) return;

  const asked = {
    add: (form) => {
      const options = JSON.parse(form.dataset.options);
      const alone = Boolean(form.elements.passwordless?.checked);
      const selection = options.publicKey.authenticatorSelection;
      selection.residentKey = alone ? "required" : "discouraged";
      selection.requireResidentKey = alone;
      if (alone) selection.userVerification = "required";
      return device.create(options);
    },
    authenticate: (form) => device.get(JSON.parse(form.dataset.options)),
    "sign-in": async (form) => {
      const answer = await fetch(form.action, { headers: { Accept: "application/json" } });
      if (!answer.ok) throw new Error(`the server answered ${answer.status}`);
      return device.get((await answer.json()).request_options);
    },
  };

  for (const form of document.querySelectorAll("form[data-security-key]")) {
    form.hidden = false;
    form.addEventListener("submit", async (event) => {
      if (form.elements.credential.value) return;
      event.preventDefault();
      event.stopPropagation();
      const problem = form.querySelector("[data-key-problem]");
      problem.hidden = true;
      try {
        form.elements.credential.value = JSON.stringify(await asked[form.dataset.securityKey](form));
      } catch (error) {
        problem.hidden = false;
        console.warn(error);
        return;
      }
      form.submit();
    });
  }
})();
