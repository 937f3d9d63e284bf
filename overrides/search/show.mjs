// A result as the theme shows it: title and an excerpt as HTML, what matched in <mark>.

const ENTITIES = { "&": "&amp;", "<": "&lt;", ">": "&gt;", '"': "&quot;" };

/** @param {string} text */
export const escape = (text) => text.replace(/[&<>"]/g, (sign) => ENTITIES[sign]);

/**
 * @param {{location: string, title: string, text: string, tags?: string[]}} doc
 * @param {{score: number, title: number[], text: number[]}} hit matches as starts, ends and masks of the units they match
 * @param {[number, string][]} units the units that count, each with the name under which the theme says that it is missing
 */
export function item(doc, hit, units) {
  const { wanted, terms } = names(doc, hit, units);
  return {
    location: doc.location,
    title: marked(doc.title, hit.title, wanted, 0, doc.title.length),
    text: excerpt(doc.text, hit.text, wanted),
    score: hit.score,
    terms,
    ...(doc.tags && { tags: doc.tags.slice(0, 3) }),
  };
}

/**
 * The words that matched, at most four a unit, for highlighting on the page; a name of several words hangs together by
 * spaces that do not break. A unit's weak matches (bits from 16 on) count, and are marked, where it has no other.
 */
function names(doc, hit, units) {
  let all = 0;
  for (const read of [hit.title, hit.text]) for (let t = 2; t < read.length; t += 3) all |= read[t];
  let wanted = 0;
  for (const [i] of units) wanted |= all & (1 << i) ? 1 << i : 1 << (i + 16);
  const found = new Map(units.map(([i]) => [i, new Set()]));
  for (const [text, read] of [[doc.title, hit.title], [doc.text, hit.text]])
    for (let t = 0; t < read.length; t += 3) {
      const mask = read[t + 2] & wanted;
      if (!mask) continue;
      for (const [i] of units)
        if (mask & ((1 << i) | (1 << (i + 16))) && found.get(i).size < 4)
          found.get(i).add(text.slice(read[t], read[t + 1]).toLowerCase().replace(/\s+/g, "\u00a0"));
    }
  const terms = {};
  for (const [i, shown] of units) {
    for (const name of found.get(i)) terms[name] = true;
    if (!found.get(i).size) terms[shown] = false;
  }
  return { wanted, terms };
}

/** A part of a text as HTML, with its matches marked. */
function marked(text, read, wanted, from, to) {
  let html = "";
  let at = from;
  for (let t = 0; t < read.length; t += 3) {
    const [start, end] = [read[t], read[t + 1]];
    if (start < at || end > to || !(read[t + 2] & wanted)) continue;
    html += `${escape(text.slice(at, start))}<mark>${escape(text.slice(start, end))}</mark>`;
    at = end;
  }
  return html + escape(text.slice(at, to));
}

/** The part of a text with most of what was asked, about two lines of it. */
function excerpt(text, read, wanted, length = 190) {
  let first = 0;
  let best = 0;
  for (let i = 0; i < read.length; i += 3) {
    let seen = 0;
    let total = 0;
    for (let j = i; j < read.length && read[j + 1] - read[i] < length - 40; j += 3) {
      const mask = read[j + 2] & wanted;
      if (mask) total += mask & ~seen ? 1 : 0.1;
      seen |= mask;
    }
    if (total > best + 0.01) [best, first] = [total, read[i]];
  }
  // Begin where a sentence or a block does, else at a word.
  let from = Math.max(0, first - 40);
  if (from) {
    const before = text.slice(Math.max(0, first - 90), first);
    const begins = Math.max(...["\n", ". ", "? "].map((end) => before.lastIndexOf(end) + end.length - 1));
    from = begins > 1 ? first - before.length + begins : Math.min(first, text.indexOf(" ", from) + 1 || from);
  }
  let to = Math.min(text.length, from + length);
  if (to < text.length) to = Math.max(text.lastIndexOf(" ", to), first + 20);
  const inside = from && !/[.?] $|\n$/.test(text.slice(from - 2, from));
  return `${inside ? "… " : ""}${marked(text, read, wanted, from, to).replace(/\s*\n\s*/g, " ")}${to < text.length ? " …" : ""}`;
}
