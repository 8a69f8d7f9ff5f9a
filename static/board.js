// The board made quicker: search as one types, movement by keys, size without a reload. Everything here also works without it.
// Listeners sit on the table alone; no cell carries anything but its colour, initials and number.
"use strict";
(function () {
  const table = document.getElementById("board"), tools = document.getElementById("tools");
  if (tools)
    tools.addEventListener("change", function (event) {
      if (event.target.id !== "q") tools.requestSubmit();
    });
  if (!table) return;
  const info = document.getElementById("info"), search = document.getElementById("q"), count = document.getElementById("count");
  const people = document.getElementById("students"), rows = [...people.rows], all = rows.length, heads = table.tHead.rows[0].cells;
  const fill = (text, one, two) => text.replace("#1", one).replace("#2", two);
  const names = new Map([...document.querySelectorAll(".legend [data-key]")].map((e) => [e.className.replace("chip ", ""), e.dataset.key]));

  // Search: what is in the page already needs no server.
  search.addEventListener("input", function () {
    const wanted = search.value.toLowerCase().replace(/\s/g, "");
    let shown = 0;
    for (const row of rows) {
      row.hidden = !row.dataset.find.toLowerCase().replace(/\s/g, "").includes(wanted);
      shown += !row.hidden;
    }
    count.textContent = fill(table.dataset.shown, shown, all);
  });

  // Size.
  document.querySelector(".zooms").addEventListener("click", function (event) {
    const link = event.target.closest("[data-zoom]");
    if (!link) return;
    event.preventDefault();
    table.classList.remove("z1", "z2", "z3");
    table.classList.add("z" + link.dataset.zoom);
    document.getElementById("zoom").value = link.dataset.zoom;
    for (const other of link.parentNode.querySelectorAll("[data-zoom]")) other.removeAttribute("aria-current");
    link.setAttribute("aria-current", "true");
  });

  // The weeks that a cell covers: from the spans before it.
  function weeks(cell) {
    let from = 0;
    for (let c = cell.parentNode.cells[1]; c !== cell; c = c.nextElementSibling) from += c.colSpan;
    return [from, from + cell.colSpan - 1];
  }
  function cellAt(row, week) {
    let at = 0;
    for (let c = row.cells[1]; c; c = c.nextElementSibling) {
      at += c.colSpan;
      if (week < at) return c;
    }
    return row.cells[row.cells.length - 1];
  }
  function tell(cell) {
    const [from, to] = weeks(cell), d = table.dataset;
    const when = from === to ? fill(d.week, from + 1) : fill(d.weeks, from + 1, to + 1);
    const what = cell.dataset.p ? names.get(cell.className.replace(/ tight| hit/g, "")) || cell.textContent : cell.classList.contains("x") ? d.closed : d.free;
    info.textContent = [cell.parentNode.cells[0].querySelector("a").textContent, when, heads[from + 1].title.split(" ").pop().length > 9 ? heads[from + 1].title.split(" ").pop() : "", what].filter(Boolean).join(" · ");
    if (cell.dataset.p && d.change) {
      const link = document.createElement("a");
      link.href = "/board/" + d.plan + "/change/" + cell.dataset.p;
      link.textContent = d.change;
      link.tabIndex = -1;
      info.append(" · ", link);
    }
  }

  // One cell is in the tab order; arrow keys move it, keeping the week when rows have other spans.
  let current = rows[0].cells[1], week = 0;
  current.tabIndex = 0;
  function go(cell, keep) {
    if (!cell) return;
    current.tabIndex = -1;
    current = cell;
    current.tabIndex = 0;
    if (!keep) week = weeks(cell)[0];
    current.focus({ preventScroll: true });
    reveal(cell);
  }
  // Into view beside the sticky column and below the sticky row.
  const box = table.parentNode;
  function reveal(cell) {
    const side = cell.parentNode.cells[0].offsetWidth, top = heads[0].offsetHeight;
    const left = cell.offsetLeft, up = cell.parentNode.offsetTop;
    if (left < box.scrollLeft + side) box.scrollLeft = left - side;
    else if (left + cell.offsetWidth > box.scrollLeft + box.clientWidth) box.scrollLeft = left + cell.offsetWidth - box.clientWidth;
    if (up < box.scrollTop + top) box.scrollTop = up - top;
    else if (up + cell.offsetHeight > box.scrollTop + box.clientHeight) box.scrollTop = up + cell.offsetHeight - box.clientHeight;
  }
  function beside(row, step) {
    do row = step > 0 ? row.nextElementSibling : row.previousElementSibling;
    while (row && row.hidden);
    return row;
  }
  table.addEventListener("keydown", function (event) {
    const cell = event.target.closest("td");
    if (!cell || event.altKey || event.metaKey) return;
    const row = cell.parentNode, last = row.cells[row.cells.length - 1];
    const edge = (list) => list.find((r) => !r.hidden);
    const moves = {
      ArrowRight: () => go(cell.nextElementSibling),
      ArrowLeft: () => cell.previousElementSibling.tagName === "TD" && go(cell.previousElementSibling),
      ArrowDown: () => { const r = beside(row, 1); if (r) go(cellAt(r, week), true); },
      ArrowUp: () => { const r = beside(row, -1); if (r) go(cellAt(r, week), true); },
      Home: () => go(event.ctrlKey ? edge(rows).cells[1] : row.cells[1]),
      End: () => go(event.ctrlKey ? edge([...rows].reverse()).cells[edge([...rows].reverse()).cells.length - 1] : last),
      Enter: () => change(cell),
    };
    if (!moves[event.key]) return;
    event.preventDefault();
    moves[event.key]();
  });
  function change(cell) {
    if (cell.dataset.p && table.dataset.change) location.href = "/board/" + table.dataset.plan + "/change/" + cell.dataset.p;
  }
  table.addEventListener("focusin", function (event) {
    const cell = event.target.closest("#students td");
    if (cell) tell(cell);
  });
  table.addEventListener("click", function (event) {
    const cell = event.target.closest("#students td");
    if (cell) go(cell);
  });
  table.addEventListener("dblclick", function (event) {
    const cell = event.target.closest("td");
    if (cell) change(cell);
  });
})();
