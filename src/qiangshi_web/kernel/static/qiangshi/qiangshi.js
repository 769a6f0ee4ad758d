// What the pages do beyond links and forms. Every page works without it.
"use strict";

// Rows of a table are walked with the up and down keys, from link to link in the same column.
document.addEventListener("keydown", (event) => {
  if (event.key !== "ArrowDown" && event.key !== "ArrowUp") return;
  const cell = event.target.closest(".dense td, .dense tbody th");
  if (!cell) return;
  let row = cell.parentElement;
  do {
    row = event.key === "ArrowDown" ? row.nextElementSibling : row.previousElementSibling;
  } while (row && !row.children[cell.cellIndex]?.querySelector("a"));
  if (!row) return;
  event.preventDefault();
  row.children[cell.cellIndex].querySelector("a").focus();
});

// What a cell of a board has no room for stands above it while it is pointed at, touched or reached
// by keys, until Escape. Its link says the same to those who listen.
const tip = document.createElement("div");
tip.className = "tip";
tip.ariaHidden = "true";
const TIP_AFTER = 250; // milliseconds: a pointer on its way across a board opens none
let told = null;
let telling = 0;

function tell(link) {
  told = link;
  tip.textContent = link.textContent.replace(/\s+/g, " ").trim();
  document.body.append(tip);
  const cell = link.getBoundingClientRect();
  const above = cell.top - tip.offsetHeight - 2;
  tip.style.left = `${Math.max(8, Math.min(cell.left, innerWidth - tip.offsetWidth - 8))}px`;
  tip.style.top = `${above > 0 ? above : cell.bottom + 2}px`;
}

function untell() {
  clearTimeout(telling);
  tip.remove();
  told = null;
}

document.addEventListener("focusin", (event) => {
  const link = event.target.closest("[data-tip]");
  if (link?.matches(":focus-visible")) tell(link);
  else untell();
});
document.addEventListener("pointerover", (event) => {
  if (tip.contains(event.target)) return;
  const link = event.target.closest("[data-tip]");
  if (link && link === told) return;
  const focused = document.activeElement.closest("[data-tip]:focus-visible");
  if (told && told !== focused) untell();
  clearTimeout(telling);
  if (link) telling = setTimeout(tell, TIP_AFTER, link);
});
document.addEventListener("keydown", (event) => {
  if (event.key === "Escape") untell();
});
document.addEventListener(
  "scroll",
  () => {
    if (told && told === document.activeElement) tell(told);
    else untell();
  },
  true,
);

// A choice above a page takes effect when it is made; without this file its button does it.
document.addEventListener("change", (event) => {
  if (event.target.matches(".choice select")) event.target.form.requestSubmit();
});

// Print buttons.
document.addEventListener("click", (event) => {
  if (event.target.closest("[data-print]")) window.print();
});

// A slider and the number beside it are one: whichever moves takes the other along, before the
// form is sent.
document.addEventListener(
  "input",
  (event) => {
    const other = document.getElementById(event.target.dataset?.moves ?? "");
    if (other) other.value = event.target.value;
  },
  true,
);

// "/" or Ctrl-K goes to the search field; the down key goes on into what it found, Escape leaves.
document.addEventListener("keydown", (event) => {
  const field = document.getElementById("find");
  if (!field) return;
  const found = document.getElementById("found");
  const links = [...found.querySelectorAll("a")];
  const typing = event.target.closest("input, textarea, select, [contenteditable]");
  const asks = event.key === "k" && (event.ctrlKey || event.metaKey);
  if (asks || (event.key === "/" && !typing && !event.ctrlKey && !event.altKey)) {
    event.preventDefault();
    field.focus();
    field.select();
  } else if (event.key === "Escape" && event.target.closest(".find")) {
    found.replaceChildren();
    field.focus();
  } else if (event.key === "ArrowDown" || event.key === "ArrowUp") {
    const at = event.target === field ? -1 : links.indexOf(event.target);
    if (event.target !== field && at < 0) return;
    event.preventDefault();
    (links[at + (event.key === "ArrowDown" ? 1 : -1)] ?? (at > 0 ? event.target : field)).focus();
  }
});
document.addEventListener("click", (event) => {
  if (!event.target.closest(".find")) document.getElementById("found")?.replaceChildren();
});

// What is typed into a form is kept on the server a moment later.
const waiting = new WeakMap();
document.addEventListener("input", (event) => {
  const form = event.target.form;
  if (!form?.dataset.kept) return;
  clearTimeout(waiting.get(form));
  waiting.set(form, setTimeout(() => keep(form), 1200));
});

async function keep(form) {
  const typed = new URLSearchParams();
  for (const [name, value] of new FormData(form)) {
    if (typeof value === "string") typed.append(name, value);
  }
  const answer = await fetch(form.dataset.kept, { method: "POST", body: typed }).catch(() => null);
  const said = form.querySelector("[data-kept-words]");
  if (answer?.status !== 204 || !said) return;
  const at = new Date().toTimeString().slice(0, 5);
  said.textContent = `${said.dataset.keptWords} ${at}`;
}
