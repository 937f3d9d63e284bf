// What a plan's page gains with script: boxes that stay ticked, progress by week, and a calendar file for the reader's own dates.
// The page is complete without it. Mounts once; what can't be read or written is said, kept aside, and never breaks the page.
(() => {
  "use strict";
  const root = document.documentElement;
  const weeks = [...document.querySelectorAll(".plan-week")];
  if (root.dataset.plan || !weeks.length) return;
  root.dataset.plan = "mounted";

  const KEY = "handbook.plan";
  const VERSION = 1;
  const make = (tag, properties = {}) => Object.assign(document.createElement(tag), properties);
  const count = (n, what) => `${n} ${what}${n === 1 ? "" : "s"}`;
  const today = () => {
    const now = new Date();
    return `${now.getFullYear()}-${String(now.getMonth() + 1).padStart(2, "0")}-${String(now.getDate()).padStart(2, "0")}`;
  };

  // Heard, and shown for a moment: handbook.js makes the line.
  let silence;
  function say(text) {
    const status = document.querySelector(".handbook-status");
    if (!status) return;
    status.textContent = text;
    clearTimeout(silence);
    silence = setTimeout(() => { status.textContent = ""; }, 4000);
  }

  // The state: `{version: 1, done: {address: day}}`, addresses relative to the site's root.

  // Ticks of a state as read from storage or a file, or what is wrong with it.
  function parse(text) {
    let state;
    try { state = JSON.parse(text); } catch { return { wrong: "it is no JSON" }; }
    if (typeof state !== "object" || state === null || Array.isArray(state)) return { wrong: "it is no object" };
    if (state.version !== VERSION) return { wrong: `its version is ${JSON.stringify(state.version) ?? "missing"}, this page knows ${VERSION}` };
    const { done } = state;
    if (typeof done !== "object" || done === null || Array.isArray(done)) return { wrong: "it has no ticks in `done`" };
    for (const [address, day] of Object.entries(done)) {
      if (typeof day !== "string") return { wrong: `the tick of “${address.slice(0, 80)}” has no day` };
    }
    return { done: Object.assign(Object.create(null), done) };
  }

  const serialized = () => JSON.stringify({ version: VERSION, done }, null, 1);
  let done = Object.create(null);
  let writable = true;
  let aside = ""; // the name under which a state that couldn't be read was kept

  function keepAside(raw) {
    for (let n = 1; n < 100; n += 1) {
      const name = `${KEY}.unread${n === 1 ? "" : `-${n}`}`;
      const there = localStorage.getItem(name);
      if (there !== null && there !== raw) continue;
      localStorage.setItem(name, raw);
      return name;
    }
    throw new Error("too many states kept aside");
  }

  function load() {
    let raw;
    try {
      raw = localStorage.getItem(KEY);
    } catch (error) {
      writable = false;
      warn(`This browser forbids storage on this site (${error.name}). Ticks last until you leave the page; export them to keep them.`);
      return;
    }
    if (raw === null) return;
    const read = parse(raw);
    if (read.done) { done = read.done; return; }
    try {
      aside = keepAside(raw);
      warn(`What this browser keeps as “${KEY}” can't be read: ${read.wrong}. It is kept as it is under “${aside}”, and ticks begin anew.`, raw);
    } catch (error) {
      writable = false;
      warn(`What this browser keeps as “${KEY}” can't be read: ${read.wrong}. There is no room to keep it aside (${error.name}), so it stays where it is, and ticks last until you leave the page.`, raw);
    }
  }

  function save() {
    if (!writable) return;
    try {
      localStorage.setItem(KEY, serialized());
    } catch (error) {
      warn(`This tick could not be stored under “${KEY}” (${error.name}). Ticks last until you leave the page; export them to keep them.`);
    }
  }

  function download(name, text, type) {
    const link = make("a", { href: URL.createObjectURL(new Blob([text], { type })), download: name });
    link.click();
    setTimeout(() => URL.revokeObjectURL(link.href), 10000);
  }

  // What goes wrong stays on the page until it is read.
  const notices = make("div", { className: "plan-notices" });
  notices.setAttribute("role", "status");
  function warn(text, raw) {
    if ([...notices.children].some((notice) => notice.firstChild.textContent === text)) return;
    const notice = make("p");
    notice.append(make("span", { textContent: text }));
    if (raw !== undefined) {
      const button = make("button", { type: "button", textContent: "Save what could not be read" });
      button.addEventListener("click", () => download("handbook-plan-unread.txt", raw, "text/plain"));
      notice.append(" ", button);
    }
    notices.append(notice);
  }

  // Boxes

  const site = new URL(document.querySelector(".md-logo")?.href ?? ".", location.href);
  site.pathname = site.pathname.replace(/[^/]*$/, "");
  const address = (href) => {
    const url = new URL(href, location.href);
    const path = url.pathname.startsWith(site.pathname) ? url.pathname.slice(site.pathname.length) : url.pathname;
    return path.replace(/(^|\/)index\.html$/, "$1") + url.hash; // a copy in a folder names the file; its ticks are the same
  };
  const tasks = [];

  function paint(task) {
    const all = task.addresses.every((at) => Object.hasOwn(done, at));
    task.box.checked = all;
    task.box.indeterminate = !all && task.addresses.some((at) => Object.hasOwn(done, at));
    task.item.classList.toggle("plan-done", all);
  }

  function progress(week) {
    const mine = tasks.filter((task) => task.week === week);
    week.line.textContent = `${mine.filter((task) => task.box.checked).length} of ${count(mine.length, "task")} done`;
  }

  function repaint() {
    tasks.forEach(paint);
    mounted.forEach(progress);
    const some = Object.keys(done).length > 0;
    for (const button of [tools.exporting, tools.clearing]) button.disabled = !some;
  }

  const mounted = weeks.map((section) => {
    const week = { name: section.querySelector("h2").textContent.split(":")[0], line: make("p", { className: "plan-progress" }) };
    section.querySelector("h2").after(week.line);
    for (const item of section.querySelectorAll(".plan-day li")) {
      const links = [...item.querySelectorAll("a[href]")];
      if (!links.length) continue;
      // A task of its own, such as a week's review, carries an id; any other is what it leads to.
      const addresses = links.map((link) => address(link.id ? `#${link.id}` : link.href));
      const box = make("input", { type: "checkbox" });
      box.setAttribute("aria-label", `Done: ${item.textContent.replace(/\s+/g, " ").trim()}`);
      const label = make("label", { className: "plan-box" });
      label.append(box);
      const task = { item, box, addresses, week };
      box.addEventListener("change", () => {
        for (const at of addresses) {
          if (box.checked) done[at] ??= today();
          else delete done[at];
        }
        save();
        repaint();
        say(`${week.name}: ${week.line.textContent}`);
      });
      item.prepend(label);
      tasks.push(task);
    }
    return week;
  });

  // Export, import, clear

  const tools = { bar: make("div", { className: "plan-tools" }) };
  tools.bar.setAttribute("role", "group");
  tools.bar.setAttribute("aria-label", "Ticks");
  tools.exporting = make("button", { type: "button", textContent: "Export ticks" });
  tools.exporting.addEventListener("click", () => download(`handbook-plan-${today()}.json`, serialized(), "application/json"));
  tools.importing = make("button", { type: "button", textContent: "Import ticks" });
  const file = make("input", { type: "file", accept: ".json,application/json", hidden: true });
  file.setAttribute("aria-label", "File of exported ticks");
  tools.importing.addEventListener("click", () => file.click());
  file.addEventListener("change", async () => {
    const [chosen] = file.files;
    if (!chosen) return;
    let read;
    try { read = parse(await chosen.text()); } catch (error) { read = { wrong: `it can't be opened (${error.name})` }; }
    file.value = "";
    if (!read.done) {
      warn(`“${chosen.name}” holds no ticks of this plan: ${read.wrong}. Nothing was changed.`);
      return;
    }
    const before = Object.keys(done).length;
    for (const [at, day] of Object.entries(read.done)) done[at] ??= day;
    save();
    repaint();
    const added = Object.keys(done).length - before;
    say(`${count(added, "tick")} added from ${chosen.name}, ${Object.keys(read.done).length - added} were there`);
  });
  tools.clearing = make("button", { type: "button", textContent: "Clear ticks" });
  tools.clearing.addEventListener("click", () => {
    const mine = [...new Set(tasks.flatMap((task) => task.addresses))].filter((at) => Object.hasOwn(done, at));
    const others = Object.keys(done).length - mine.length;
    const rest = others ? ` ${count(others, "tick")} of other plans stay${others === 1 ? "s" : ""}.` : "";
    if (!mine.length) { say(`No ticks on this page.${rest}`); return; }
    if (!confirm(`Clear ${count(mine.length, "tick")} of this plan? A section or prompt that other plans hold is cleared there too.${rest} This can't be undone; export first to keep them.`)) return;
    for (const at of mine) delete done[at];
    save();
    repaint();
    say(`${count(mine.length, "tick")} cleared`);
  });
  tools.bar.append(tools.exporting, tools.importing, tools.clearing, file);

  // The calendar for other dates: the file that lies beside the page, its days and hours moved.

  function shifted(text, first, day, time) {
    const days = Math.round((Date.parse(`${day}T00:00Z`) - Date.parse(`${first}T00:00Z`)) / 864e5);
    const [hour, minute] = time.split(":").map(Number);
    const moved = (stamp) => {
      const [, y, m, d, h, min, s] = stamp.match(/^(\d{4})(\d\d)(\d\d)T(\d\d)(\d\d)(\d\d)$/).map(Number);
      const at = new Date(Date.UTC(y, m - 1, d + days, h + hour - 19, min + minute, s));
      return at.toISOString().replace(/[-:]|\.\d+Z$/g, "");
    };
    const now = new Date().toISOString().replace(/[-:]|\.\d+/g, "");
    return text
      .replace(/^(DTSTART|DTEND):(\d{8}T\d{6})(?=\r?$)/gm, (_, name, stamp) => `${name}:${moved(stamp)}`)
      .replace(/^DTSTAMP:.*?(?=\r?$)/gm, `DTSTAMP:${now}`);
  }

  // A copy opened from a folder can't fetch: there the page holds the file.
  async function whole(link) {
    const held = document.getElementById("plan-calendar-file");
    if (held) return JSON.parse(held.textContent);
    const answer = await fetch(link.href);
    if (!answer.ok) throw new Error(`status ${answer.status}`);
    return answer.text();
  }

  function dates() {
    const line = document.querySelector(".plan-calendar");
    const link = line?.querySelector("a");
    if (!link) return;
    const form = make("form", { className: "plan-dates" });
    const day = make("input", { type: "date", required: true });
    const next = new Date();
    next.setDate(next.getDate() + ((8 - next.getDay()) % 7 || 7));
    day.value = `${next.getFullYear()}-${String(next.getMonth() + 1).padStart(2, "0")}-${String(next.getDate()).padStart(2, "0")}`;
    const hour = make("input", { type: "time", required: true, value: "19:00" });
    const labels = [["First day", day], ["at", hour]].map(([text, input]) => {
      const label = make("label", { textContent: `${text} ` });
      label.append(input);
      return label;
    });
    form.append(...labels, make("button", { type: "submit", textContent: "Calendar for these dates" }));
    form.addEventListener("submit", async (event) => {
      event.preventDefault();
      try {
        const text = shifted(await whole(link), line.dataset.first, day.value, hour.value);
        download(link.href.split("/").pop().replace(".ics", `-from-${day.value}.ics`), text, "text/calendar");
        say(`Calendar from ${day.value}, ${hour.value}`);
      } catch (error) {
        warn(`The calendar file ${link.href} could not be read (${error.message}). The link above has it with its own dates.`);
      }
    });
    controls.append(form);
  }

  load();
  // The page keeps room for the controls, so that nothing below them moves.
  let controls = document.querySelector(".plan-controls");
  if (!controls) {
    controls = make("div", { className: "plan-controls" });
    document.querySelector("article h1").after(controls);
  }
  dates();
  controls.append(tools.bar);
  controls.after(notices);
  repaint();
  addEventListener("storage", (event) => {
    if (event.key !== KEY && event.key !== null) return;
    const read = event.newValue === null ? { done: Object.create(null) } : parse(event.newValue);
    if (read.done) { done = read.done; repaint(); }
  });
})();
