// Progressive enhancement of forms: every page works without this file.
"use strict";

for (const button of document.querySelectorAll("[data-print]")) button.addEventListener("click", function () { window.print(); });

// Copies an address; where the browser does not let us, it is selected, ready to be copied by hand.
for (const button of document.querySelectorAll("[data-copy]")) {
  const field = document.getElementById(button.dataset.copy);
  button.addEventListener("click", function () {
    field.select();
    if (!navigator.clipboard) return;
    navigator.clipboard.writeText(field.value).then(function () { button.textContent = button.dataset.copied; }, function () {});
  });
}

// A ranking: the arrows move without loading the page anew, items may be dragged, and each change is stored at once.
for (const form of document.querySelectorAll("form[data-ranking]")) {
  const list = form.querySelector(".ranks");
  const field = form.querySelector("[name=ranked]");
  const said = form.querySelector(".ranking-said");
  if (!list.querySelector("button")) continue;

  function say(text, failed) {
    said.textContent = text;
    said.classList.toggle("failed", failed);
  }

  function number() {
    const items = [...list.children];
    items.forEach(function (item, i) {
      item.querySelector(".rank-number").textContent = String(i + 1);
      const buttons = item.querySelectorAll("button");
      buttons[0].disabled = i === 0;
      buttons[1].disabled = i === items.length - 1;
    });
    field.value = items.map(function (item) { return item.dataset.id; }).join(",");
  }

  function store() {
    number();
    say("", false);
    const sent = field.value;
    fetch(form.getAttribute("action"), { method: "POST", body: new URLSearchParams(new FormData(form)) }).then(function (answer) {
      if (sent !== field.value) return;
      say(answer.ok ? said.dataset.saved : said.dataset.failed, !answer.ok);
      if (!answer.ok) return;
      const tag = form.querySelector("h2 .tag");
      tag.textContent = tag.dataset.given;
      tag.className = "tag good";
    }, function () { say(said.dataset.failed, true); });
  }

  form.addEventListener("submit", function (event) {
    const value = event.submitter ? event.submitter.value : "";
    const way = value.split("-")[0];
    if (way !== "up" && way !== "down") return;
    event.preventDefault();
    const item = event.submitter.closest(".rank");
    const other = way === "up" ? item.previousElementSibling : item.nextElementSibling;
    if (!other) return;
    if (way === "up") list.insertBefore(item, other);
    else list.insertBefore(other, item);
    store();
    // The focus stays with what is moved, on a button that still works.
    const again = item.querySelector(way === "up" ? "button" : "button:last-child");
    (again.disabled ? item.querySelector("button:not(:disabled)") : again).focus();
  });

  let dragged = null;
  for (const item of list.children) {
    item.classList.add("may-drag");
    item.draggable = true;
    item.addEventListener("dragstart", function (event) {
      dragged = item;
      item.classList.add("is-dragged");
      event.dataTransfer.effectAllowed = "move";
      event.dataTransfer.setData("text/plain", item.dataset.id);
    });
    item.addEventListener("dragover", function (event) {
      if (!dragged || dragged === item) return;
      event.preventDefault();
      const box = item.getBoundingClientRect();
      list.insertBefore(dragged, event.clientY > box.top + box.height / 2 ? item.nextElementSibling : item);
    });
    item.addEventListener("drop", function (event) { event.preventDefault(); });
    item.addEventListener("dragend", function () {
      item.classList.remove("is-dragged");
      dragged = null;
      store();
    });
  }
}
