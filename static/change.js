// A change is checked as soon as it is chosen; the page itself does the same by its button.
"use strict";
(function () {
  const form = document.getElementById("change");
  if (!form) return;
  let asked = 0;
  form.addEventListener("change", async function (event) {
    const field = event.target.name, kind = form.elements.kind;
    if (field === "department_id" || field === "first_week") kind.value = "move";
    if (field === "with_student_id" || field === "whole") kind.value = "swap";
    if (kind.value === "swap" && !form.elements.with_student_id.value) return;
    const mine = ++asked, body = new URLSearchParams(new FormData(form));
    body.set("do", "try");
    const answer = await fetch(form.action, { method: "POST", body }).catch(() => null);
    if (!answer || mine !== asked) return;
    const page = new DOMParser().parseFromString(await answer.text(), "text/html");
    const result = page.getElementById("result"), error = page.querySelector("#change [role=alert]");
    if (!result || mine !== asked) return;
    for (const old of form.querySelectorAll("[role=alert]")) old.remove();
    if (error) form.prepend(error);
    document.getElementById("result").replaceChildren(...result.childNodes);
  });
})();
