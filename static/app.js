// Progressive enhancement only: every page works without this file.
"use strict";
// A dangerous button asks once more: it says so, and only a second press within a few seconds sends the form.
document.addEventListener("submit", function (event) {
  const button = event.submitter;
  if (!button || !button.classList.contains("danger") || button.classList.contains("sure")) return;
  event.preventDefault();
  const label = button.textContent;
  button.classList.add("sure");
  button.textContent = document.body.dataset.sure;
  setTimeout(function () {
    button.classList.remove("sure");
    button.textContent = label;
  }, 5000);
});

document.documentElement.classList.add("js");
// Filters a table's rows by what stands in their data-find.
for (const box of document.querySelectorAll("[data-filter]")) {
  const rows = document.querySelectorAll("#" + box.dataset.filter + " [data-find]");
  box.addEventListener("input", function () {
    const wanted = box.value.toLowerCase().replace(/\s/g, "");
    for (const row of rows) row.hidden = !row.dataset.find.toLowerCase().replace(/\s/g, "").includes(wanted);
  });
}

