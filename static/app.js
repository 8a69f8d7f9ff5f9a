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
