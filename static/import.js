// A file may be dropped where it is chosen; browsers take it by themselves, this only shows the place.
"use strict";
for (const box of document.querySelectorAll(".drop")) {
  for (const name of ["dragenter", "dragover"]) box.addEventListener(name, function () { box.classList.add("over"); });
  for (const name of ["dragleave", "drop", "change"]) box.addEventListener(name, function () { box.classList.remove("over"); });
}
// While a file is read or written the page looks again every second.
if (document.querySelector("[data-live]")) setTimeout(function () { location.reload(); }, 1000);
