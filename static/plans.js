// While a plan is being made: its progress, without a reload. When it ends the page is loaded once, with its new buttons.
"use strict";
(function () {
  const list = document.getElementById("plans");
  async function look() {
    const answer = await fetch(location.pathname + location.search, { headers: { Accept: "text/html" } }).catch(() => null);
    if (answer && answer.ok) {
      const page = new DOMParser().parseFromString(await answer.text(), "text/html");
      const now = page.getElementById("plans");
      if (!now || now.querySelectorAll("[data-part]").length !== list.querySelectorAll("[data-part]").length) return location.reload();
      for (const part of list.querySelectorAll("[data-part]")) {
        const fresh = now.querySelector('[data-part="' + part.dataset.part + '"]');
        if (!fresh) return location.reload();
        part.replaceWith(fresh);
      }
    }
    setTimeout(look, 1000);
  }
  setTimeout(look, 1000);
})();
