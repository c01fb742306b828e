"use strict";

// Line numbers beside the programme's text; lines with a fault stand out, and a click on a fault goes there.

(() => {
  const text = document.getElementById("cg-document");
  if (!text) return;
  const faulty = new Set(JSON.parse(document.getElementById("cg-fault-lines").textContent));
  const numbers = document.createElement("div");
  numbers.className = "cg-lines";
  numbers.setAttribute("aria-hidden", "true");
  text.before(numbers);

  function number() {
    const count = text.value.split("\n").length;
    while (numbers.children.length > count) numbers.lastChild.remove();
    while (numbers.children.length < count) {
      const line = document.createElement("span");
      const place = numbers.children.length + 1;
      line.textContent = String(place);
      if (faulty.has(place)) line.className = "cg-line-fault";
      numbers.append(line);
    }
    numbers.scrollTop = text.scrollTop;
  }

  function goTo(line) {
    const before = text.value.split("\n").slice(0, line - 1).join("\n").length;
    const start = line > 1 ? before + 1 : 0;
    const end = text.value.indexOf("\n", start);
    text.focus({ preventScroll: true });
    text.setSelectionRange(start, end < 0 ? text.value.length : end);
    const height = parseFloat(getComputedStyle(text).lineHeight);
    text.scrollTop = Math.max(0, (line - 6) * height);
    text.scrollIntoView({ block: "nearest" });
  }

  text.addEventListener("input", number);
  text.addEventListener("scroll", () => { numbers.scrollTop = text.scrollTop; });
  document.querySelectorAll("[data-line]").forEach((link) => {
    link.addEventListener("click", (event) => {
      event.preventDefault();
      goTo(Number(link.dataset.line));
    });
  });
  number();
})();
