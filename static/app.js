// Progressive enhancement only: every page works without this file.
"use strict";
// A dangerous button asks once more, by its second press.
document.addEventListener("submit", function (event) {
  const button = event.target.querySelector("button.danger");
  if (button && !button.dataset.sure) {
    event.preventDefault();
    button.dataset.sure = "1";
    button.classList.add("sure");
  }
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

