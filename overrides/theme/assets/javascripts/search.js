// Search on first use. Runs before the theme's bundle, and leaves its dialog, keys and results to the theme: only the worker
// is ours (overrides/search/), and it fetches the index itself. Two things keep the bundle from loading anything with the page:
// the form has no name, by which the bundle decides whether to fetch the index, and its worker is a stand-in that starts the
// real one when the reader first opens search. Without this file, or when the theme changes its ways, the theme's own search runs.
(() => {
  "use strict";
  const here = document.currentScript;
  const form = document.querySelector("form.md-search__form");
  const meta = document.querySelector(".md-search-result__meta");
  const toggle = document.getElementById("__search");
  // The copy that is opened from a folder names a script instead of a worker: browsers start no worker there.
  const { worker, script } = here?.dataset ?? {};
  if (!(script || (worker && location.protocol !== "file:")) || !form || !meta || !toggle || !self.Worker) return;
  const theirs = JSON.parse(document.getElementById("__config")?.textContent ?? "{}").search;
  const RESULT = 3;
  const Native = self.Worker;
  form.removeAttribute("name");
  meta.setAttribute("role", "status");

  // What has a worker's methods, and answers in the page, with the same engine (overrides/search/page.mjs).
  class InPage extends EventTarget {
    #hear = null;

    constructor() {
      super();
      const element = document.createElement("script");
      element.src = script;
      element.onload = () => {
        this.#hear = self.handbookSearch((data) => this.dispatchEvent(new MessageEvent("message", { data })));
      };
      element.onerror = () => this.dispatchEvent(new Event("error"));
      document.head.append(element);
    }

    postMessage(message) {
      this.#hear?.(message);
    }

    terminate() {
      this.#hear = null;
    }
  }

  class Standin extends EventTarget {
    #worker = null;
    #unsent = null;

    start() {
      if (this.#worker) return;
      meta.textContent = "Loading search …";
      this.#worker = script ? new InPage() : new Native(worker);
      this.#worker.addEventListener("error", () => this.#fail());
      this.#worker.addEventListener("message", ({ data }) => {
        if (data.type === "failed") return this.#fail();
        this.dispatchEvent(new MessageEvent("message", { data }));
        if (data.type === RESULT) explain(data.data);
      });
      if (this.#unsent) this.#worker.postMessage(this.#unsent);
    }

    #fail() {
      this.#worker?.terminate();
      this.#worker = null;
      meta.textContent = "Search could not be loaded. Close it and open it again to try once more.";
    }

    // The bundle asks only after the worker has said that it is ready; its set-up message is not needed.
    postMessage(message) {
      if (message.type === 0) return;
      if (this.#worker) this.#worker.postMessage(message);
      else this.#unsent = message;
    }

    terminate() {
      this.#worker?.terminate();
    }
  }

  // What the theme's line above the results does not say.
  function explain({ items, fixed, near }) {
    if (items.length && fixed) meta.textContent += ` for “${fixed.join(" ")}”`;
    if (!items.length && near?.length) meta.textContent += `. Near it: ${near.join(", ")}`;
  }

  const standin = new Standin();
  self.Worker = function (address, ...options) {
    if (address !== theirs) return new Native(address, ...options);
    self.Worker = Native;
    return standin;
  };
  // By key, button, field or `?q=`: the theme opens search by this checkbox.
  toggle.addEventListener("change", () => { if (toggle.checked) standin.start(); });

  // A result's address carries the words that matched: mark them in the text, whole words only, and clean the address.
  document.addEventListener("DOMContentLoaded", () => {
    const address = new URL(location.href);
    const words = address.searchParams.get("h")?.split(" ").filter(Boolean) ?? [];
    if (!address.searchParams.has("h")) return;
    address.searchParams.delete("h");
    history.replaceState(history.state, "", address);
    const article = document.querySelector("article");
    if (!words.length || !article) return;
    const wanted = words.map((word) => word.replace(/[^\p{L}\p{N}]+/gu, (signs) => `\\u{${[...signs].map((s) => s.codePointAt(0).toString(16)).join("}\\u{")}}`));
    const pattern = new RegExp(`(?<![\\p{L}\\p{N}])(?:${wanted.join("|")})(?![\\p{L}\\p{N}])`, "giu");
    const texts = [];
    const walk = document.createTreeWalker(article, NodeFilter.SHOW_TEXT);
    while (walk.nextNode()) if (!walk.currentNode.parentElement.closest("svg, script, style, .headerlink, button")) texts.push(walk.currentNode);
    for (const text of texts) {
      const hits = [...text.data.matchAll(pattern)].reverse();
      for (const { 0: word, index } of hits) {
        const rest = text.splitText(index);
        rest.splitText(word.length);
        const mark = document.createElement("mark");
        mark.dataset.mdHighlight = "";
        rest.replaceWith(mark);
        mark.append(rest);
      }
    }
  });
})();
