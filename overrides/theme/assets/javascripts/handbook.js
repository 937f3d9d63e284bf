// What pages gain with script. Everything is complete without it, mounts once, and gives way when something is missing.
(() => {
  "use strict";
  const all = (selector, root = document) => [...root.querySelectorAll(selector)];
  const make = (tag, properties) => Object.assign(document.createElement(tag), properties);

  // One polite voice for the page.
  const status = make("div", { className: "handbook-status", role: "status" });
  status.setAttribute("aria-live", "polite");
  let silence;
  function say(text) {
    status.textContent = text;
    clearTimeout(silence);
    silence = setTimeout(() => { status.textContent = ""; }, 4000);
  }

  // ¶ copies the address and still leads there; where copying is not allowed, it only leads there.
  function copyLink(event) {
    const link = event.target.closest?.("a.headerlink");
    if (!link || event.metaKey || event.ctrlKey || event.shiftKey || event.altKey) return;
    navigator.clipboard?.writeText(link.href).then(() => say("Link copied"), () => {});
  }

  // Two buttons where the prompts begin, on pages with more than one.
  function answerButtons() {
    const answers = all("details.answer");
    if (answers.length < 2) return;
    const group = make("div", { className: "answers" });
    group.setAttribute("role", "group");
    group.setAttribute("aria-label", "Model answers");
    for (const [label, open] of [["Open all answers", true], ["Close all answers", false]]) {
      const button = make("button", { type: "button", textContent: label });
      button.addEventListener("click", () => {
        const top = button.getBoundingClientRect().top;
        for (const answer of answers) answer.open = open;
        scrollBy(0, button.getBoundingClientRect().top - top); // the button stays under the finger
        say(`${answers.length} answers ${open ? "opened" : "closed"}`);
      });
      group.append(button);
    }
    const heading = document.getElementById("practice");
    if (heading) heading.after(group);
    else answers[0].closest(".prompt").before(group);
  }

  // A link to a prompt: keyboard and screen reader begin at its heading. The frame is drawn by `:target`.
  function arrive() {
    let id;
    try { id = decodeURIComponent(location.hash.slice(1)); } catch { return; }
    const target = id ? document.getElementById(id) : null;
    const heading = target?.closest(".prompt")?.querySelector("h3");
    if (!heading || (target !== heading && !target.matches(".alias"))) return;
    heading.tabIndex = -1;
    heading.focus({ preventScroll: true });
  }

  // A region is a stop for the keyboard only while there is something to scroll in it.
  function scrollers() {
    const boxes = all(".table-scroll[role]");
    if (!boxes.length || !self.ResizeObserver) return;
    const observer = new ResizeObserver((entries) => {
      for (const { target } of entries) {
        const needed = target.scrollWidth > target.clientWidth + 1;
        if (needed) {
          target.tabIndex = 0;
          target.setAttribute("role", "region");
        } else if (document.activeElement !== target) {
          target.removeAttribute("tabindex");
          target.setAttribute("role", "presentation");
        }
      }
    });
    for (const box of boxes) observer.observe(box);
  }

  // A term tells its definition to pointer and keyboard; Escape takes it away, and a pointer may move onto it. Without
  // script the browser shows the title; the link itself leads to the glossary either way.
  function terms() {
    const links = all("a.term[title]");
    if (!links.length) return;
    const tip = make("div", { id: "term-tip", className: "term-tip", hidden: true });
    tip.setAttribute("role", "tooltip");
    document.body.append(tip);
    let shown, timer;
    const hide = () => {
      clearTimeout(timer);
      tip.hidden = true;
      shown?.removeAttribute("aria-describedby");
      shown = undefined;
    };
    const show = (link) => {
      if (shown === link) return;
      hide();
      shown = link;
      tip.textContent = link.dataset.definition;
      tip.hidden = false;
      link.setAttribute("aria-describedby", tip.id);
      const line = link.getClientRects()[0], gap = 6;
      const left = Math.max(gap, Math.min(line.left, document.documentElement.clientWidth - tip.offsetWidth - gap));
      const below = line.bottom + gap + tip.offsetHeight < innerHeight;
      tip.style.left = `${left + scrollX}px`;
      tip.style.top = `${scrollY + (below ? line.bottom + gap : line.top - gap - tip.offsetHeight)}px`;
    };
    const later = (what, wait) => {
      clearTimeout(timer);
      timer = setTimeout(what, wait);
    };
    for (const link of links) {
      link.dataset.definition = link.title;
      link.removeAttribute("title"); // or the browser would show it as well
      link.addEventListener("pointerenter", (event) => { if (event.pointerType !== "touch") later(() => show(link), 250); });
      link.addEventListener("pointerleave", () => later(hide, 250));
      link.addEventListener("focus", () => { if (link.matches(":focus-visible")) show(link); });
      link.addEventListener("blur", hide);
    }
    tip.addEventListener("pointerenter", () => clearTimeout(timer));
    tip.addEventListener("pointerleave", () => later(hide, 250));
    addEventListener("keydown", (event) => { if (event.key === "Escape") hide(); });
    addEventListener("resize", hide);
  }

  // Names and keys that Material leaves out.
  function mendTheme() {
    document.querySelector(".md-search[role=dialog]")?.setAttribute("aria-label", "Search");
    for (const [id, name] of [["__drawer", "Navigation"], ["__search", "Search"]]) {
      const label = document.querySelector(`.md-header__button[for=${id}]`);
      if (!label) continue;
      label.tabIndex = 0;
      label.setAttribute("role", "button");
      label.setAttribute("aria-label", name);
      label.addEventListener("keydown", (event) => {
        if (event.key !== "Enter" && event.key !== " ") return;
        event.preventDefault();
        label.click();
        if (id === "__drawer") document.querySelector(".md-sidebar--primary a")?.focus();
      });
    }
    addEventListener("keydown", (event) => {
      const drawer = document.getElementById("__drawer");
      if (event.key !== "Escape" || !drawer?.checked) return;
      drawer.click();
      document.querySelector(".md-header__button[for=__drawer]")?.focus();
    });
  }

  if (document.documentElement.dataset.handbook) return;
  document.documentElement.dataset.handbook = "mounted";
  document.body.append(status);
  document.addEventListener("click", copyLink);
  addEventListener("hashchange", arrive);
  for (const mount of [mendTheme, answerButtons, scrollers, terms, arrive]) mount();
})();
