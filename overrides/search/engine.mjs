// The book's search: an index in memory, and a query that means what its reader meant.
//
// A query is cut into units, one a word that counts. A unit matches the words of the book that it names: itself, its
// American spelling, its family (`calibrate` for `calibration`), what it begins while it is being typed, and, when the
// book has none of these, what it is nearest to. Names of one thing (synonyms.yml) are noted while the index is made, so
// `ECE` and `expected calibration error` are the same word to it. Sections are ranked by BM25 over title, path and text;
// those that match every unit come first, by degrees rather than by exclusion.

import { escape, item } from "./show.mjs";
import { edits, fold, isStop, spellings, stem, words } from "./words.mjs";

/**
 * @typedef {{location: string, title: string, text: string, tags?: string[]}} Doc
 * @typedef {{same?: string[][], near?: string[][]}} Synonyms
 * @typedef {{shown: string, stop: boolean, must: boolean, matches: Map<number, number>, fixed?: string}} Unit
 * @typedef {{from: number, to: number, term: number, weight: number}} Span
 */

export const SETTINGS = {
  k1: 1.4,
  title: { boost: 2, b: 0.3 },
  path: { boost: 0.5, b: 0 },
  text: { boost: 1, b: 0.5 },
  coverage: 1,
  inTitle: 0.25,
  together: 0.25,
  family: 0.6,
  near: 0.9,
  name: 1.2, // a name of several words tells more than they do
  quiet: 0.1, // the weight of lists of sources, and of headings without text
  prompt: 0.8, // … of prompts, which are long and mention much
  signpost: 0.3, // … and of the home page and of what a chapter leaves its reader with or sends them to, which name what stands elsewhere
  loose: 0.5, // what words of a name count for where the name itself is missing: `matrix` without `confusion`
  atMost: 40,
  beside: 0.4, // a section is shown beside its page's best one when it scores at least this share of it
  besides: 3, // … and so many of them; the theme folds what scores less than the best, so these get its score
};

export class Engine {
  /**
   * @param {Doc[]} docs in the order of the book; a page stands before its sections
   * @param {Synonyms} synonyms
   */
  constructor(docs, synonyms = {}, settings = SETTINGS) {
    this.settings = settings;
    this.docs = docs;
    /** @type {Map<string, number>} */
    this.ids = new Map();
    /** @type {{word: string, docs: number[], weights: number[]}[]} */
    this.terms = [];
    /** @type {Map<string, number[]>} */
    this.families = new Map();
    this.page = new Map(); // address → its doc
    this.phrases = new Map(); // first stem → [{stems, term}]
    this.related = new Map(); // concept → concepts that are near
    this.named = new Set(); // the words of all names, which are no typing errors though the book may not have them
    this.#name(synonyms);
    this.#index();
  }

  /** Each group of synonyms becomes a concept, a term of its own whose word no text can contain. */
  #name({ same = [], near = [] }) {
    const stems = (name) => words(name).filter((w) => !w.whole).map((w) => stem(w.word));
    const concept = new Map();
    const learn = (name, term) => {
      const key = stems(name);
      if (!key.length) return;
      for (const { word } of words(name)) if (!isStop(word)) this.named.add(word);
      concept.set(key.join(" "), term);
      if (!this.phrases.has(key[0])) this.phrases.set(key[0], []);
      this.phrases.get(key[0]).push({ stems: key, term });
    };
    for (const group of same) {
      const term = this.#term(`§${group[0]}`);
      for (const name of group) learn(name, term);
    }
    for (const group of near) {
      const members = group.map((name) => {
        const known = concept.get(stems(name).join(" "));
        if (known !== undefined) return known;
        const term = this.#term(`§${name}`);
        learn(name, term);
        return term;
      });
      for (const member of members) {
        const others = this.related.get(member) ?? new Set();
        for (const other of members) if (other !== member) others.add(other);
        this.related.set(member, others);
      }
    }
  }

  #term(word) {
    let id = this.ids.get(word);
    if (id === undefined) {
      id = this.terms.push({ word, docs: [], weights: [] }) - 1;
      this.ids.set(word, id);
    }
    return id;
  }

  /** The concepts named in a list of words: `{from, to, term}`, `to` exclusive. */
  #concepts(stems) {
    const found = [];
    for (let from = 0; from < stems.length; from++)
      for (const { stems: wanted, term } of this.phrases.get(stems[from]) ?? [])
        if (wanted.every((part, i) => stems[from + i] === part)) found.push({ from, to: from + wanted.length, term });
    return found;
  }

  /** The terms of a text: triples of start, end and term, in order of place. */
  #read(text) {
    const found = words(text);
    const plain = found.filter((w) => !w.whole);
    const list = found.map((w) => [w.start, w.end, this.#term(w.word)]);
    const stems = plain.map((w) => stem(w.word));
    for (const { from, to, term } of this.#concepts(stems)) list.push([plain[from].start, plain[to - 1].end, term]);
    list.sort((a, b) => a[0] - b[0] || b[1] - a[1]); // the longer first: it is marked as a whole
    return Int32Array.from(list.flat());
  }

  #index() {
    const { k1, title, path, text, quiet, prompt, signpost } = this.settings;
    for (const doc of this.docs) {
      const address = doc.location.split("#")[0];
      if (!this.page.has(address)) this.page.set(address, doc);
    }
    this.read = this.docs.map((doc) => {
      const [address, id = ""] = doc.location.split("#");
      const page = this.page.get(address);
      return {
        title: this.#read(doc.title),
        path: this.#read(`${page === doc ? "" : page.title} ${id.replaceAll("-", " ")} ${address.split("/").at(-2)?.replaceAll("-", " ") ?? ""} ${doc.tags?.join(" ") ?? ""}`),
        text: this.#read(doc.text),
      };
    });
    const fields = { title, path, text };
    const mean = {};
    for (const field of Object.keys(fields))
      mean[field] = Math.max(1, this.read.reduce((sum, read) => sum + read[field].length, 0) / (this.read.length || 1));
    this.read.forEach((read, doc) => {
      const weights = new Map();
      for (const [field, { boost, b }] of Object.entries(fields)) {
        const counts = new Map();
        for (let i = 2; i < read[field].length; i += 3) counts.set(read[field][i], (counts.get(read[field][i]) ?? 0) + 1);
        const norm = k1 * (1 - b + (b * read[field].length) / mean[field]);
        for (const [term, count] of counts)
          weights.set(term, (weights.get(term) ?? 0) + (boost * (k1 + 1) * count) / (norm + count));
      }
      for (const [term, weight] of weights) {
        this.terms[term].docs.push(doc);
        this.terms[term].weights.push(weight);
      }
    });
    this.factor = this.docs.map(({ location, text, tags }) => {
      if (/#(?:.*-)?sources$/.test(location) || !text) return quiet;
      if (/^#|^$|#(?:leave-with|pages)$/.test(location)) return signpost;
      return tags ? prompt : 1;
    });
    this.vocabulary = [];
    this.terms.forEach(({ word, docs: list }, id) => {
      if (word.startsWith("§") || !list.length) return;
      this.vocabulary.push(id);
      this.named.delete(word);
      const key = stem(word);
      if (!this.families.has(key)) this.families.set(key, []);
      this.families.get(key).push(id);
    });
    this.vocabulary.sort((a, b) => (this.terms[a].word < this.terms[b].word ? -1 : 1));
    this.spoken = [...this.vocabulary, ...[...this.named].map((word) => this.#term(word))]; // what a typing error may have meant
    this.units = new Map(); // what words stood for; most stay from key to key
  }

  /** Whether the word, or one of its family, stands in a name of synonyms.yml. */
  #isNamed(word) {
    return this.named.has(word) || this.phrases.has(stem(word));
  }

  #known(word) {
    const id = this.ids.get(word);
    return id !== undefined && this.terms[id].docs.length ? id : undefined;
  }

  /** The word and its plural or singular, where the book has them. */
  #relatives(word) {
    const family = this.families.get(stem(word)) ?? [];
    return family.filter((id) => this.terms[id].word.replace(/s$/, "") === word.replace(/s$/, ""));
  }

  /** The terms that begin with `beginning`, by binary search. */
  #begin(beginning) {
    let low = 0;
    let high = this.vocabulary.length;
    while (low < high) {
      const middle = (low + high) >> 1;
      if (this.terms[this.vocabulary[middle]].word < beginning) low = middle + 1;
      else high = middle;
    }
    const found = [];
    while (low < this.vocabulary.length && this.terms[this.vocabulary[low]].word.startsWith(beginning)) found.push(this.vocabulary[low++]);
    return found;
  }

  /** The terms nearest to a word that the book does not have: `[term, edits]`. */
  #guess(word, open) {
    let found = [];
    const limit = word.length < 4 || /\d/.test(word) ? 0 : word.length < 8 ? 1 : 2;
    const tries = limit === 1 && word.length > 5 ? [1, 2] : [limit];
    for (const most of tries) {
      if (!most || found.length) break;
      for (const id of this.spoken) {
        const other = this.terms[id].word;
        if (Math.abs(other.length - word.length) > most && !(open && other.length > word.length)) continue;
        if (other.length < 3 || (word[0] !== other[0] && word[0] !== other[1] && word[1] !== other[0])) continue;
        const distance = edits(word, other, most, open);
        if (distance <= most) found.push([id, distance]);
      }
      const least = Math.min(...found.map(([, distance]) => distance));
      found = found.filter(([, distance]) => distance === least);
      if (open && found.length > 1) {
        const whole = found.filter(([id]) => edits(word, this.terms[id].word, most) <= least);
        if (whole.length) found = whole;
      }
    }
    return found.sort((a, b) => this.terms[b[0]].docs.length - this.terms[a[0]].docs.length).slice(0, 8);
  }

  /** What a word of a query stands for: terms with the weight of a match. `open`: it may still be going on. */
  #unit(word, shown, open, must) {
    const key = `${word} ${open}`;
    if (!this.units.has(key)) {
      if (this.units.size > 500) this.units.clear();
      this.units.set(key, this.#meaning(word, open));
    }
    return { shown, must, stop: isStop(word) && !must, ...this.units.get(key) };
  }

  #meaning(word, open) {
    const matches = new Map();
    const put = (term, weight) => matches.set(term, Math.max(weight, matches.get(term) ?? 0));
    const unit = { matches };
    const forms = [word, ...spellings(word)].map((form) => this.#known(form)).filter((id) => id !== undefined);
    for (const id of forms) put(id, 1);
    const family = (form, weight) => {
      if (form.length > 3) for (const id of this.families.get(stem(form)) ?? []) put(id, weight);
      for (const id of this.#relatives(form)) put(id, 0.95);
    };
    for (const form of [word, ...spellings(word)]) family(form, this.settings.family);
    if (open && (word.length > 1 || !matches.size)) {
      const begun = this.#begin(word);
      const all = begun.length ? begun : word.length > 3 ? spellings(`${word}e`).flatMap((form) => this.#begin(form.slice(0, -1))) : [];
      const often = all.length > 60 ? all.sort((a, b) => this.terms[b].docs.length - this.terms[a].docs.length).slice(0, 60) : all;
      for (const id of often) put(id, 0.3 + (0.5 * word.length) / this.terms[id].word.length);
    }
    if (!matches.size && !this.#isNamed(word)) {
      const guesses = this.#guess(word, open);
      for (const [id, distance] of guesses) {
        put(id, 0.85 - 0.15 * distance);
        family(this.terms[id].word, 0.5);
      }
      if (guesses.length) unit.fixed = this.terms[guesses[0][0]].word;
    }
    return unit;
  }

  /** A word that the book does not have, as two that it has: `calibrationerror`. */
  #apart(unit, open) {
    const { word, shown } = unit;
    const strange = word.length > 6 && !this.#isNamed(word) && !this.families.has(stem(word)) && !(open && this.#begin(word).length);
    for (let cut = word.length - 3; strange && cut >= 3; cut--)
      if (this.#known(word.slice(0, cut)) !== undefined && this.#known(word.slice(cut)) !== undefined)
        return [word.slice(0, cut), word.slice(cut)].map((part) => ({ ...unit, word: part, shown: shown.length === word.length ? part : shown }));
    return [unit];
  }

  /** Take a query apart. */
  #parse(query) {
    const units = [];
    const spans = [];
    const without = [];
    const phrases = [];
    for (const [, sign, quoted, bare] of query.slice(0, 300).matchAll(/(?<=^|\s)([+-]?)(?:"([^"]+)"|(\S+))/g)) {
      const text = quoted ?? bare;
      const plain = words(text).filter((w) => !w.whole);
      if (!plain.length) continue;
      if (sign === "-") without.push(plain.map((w) => w.word));
      else {
        if (quoted && plain.length > 1) phrases.push(plain.map((w) => w.word));
        units.push(...plain.map((w) => ({ word: w.word, shown: text.slice(w.start, w.end), must: sign === "+" || quoted !== undefined })));
      }
    }
    units.splice(16);
    const open = !/[\s"]$/.test(query);
    for (let i = 0; i < units.length; i++) units.splice(i, 1, ...this.#apart(units[i], open && i === units.length - 1));
    const list = units.map((u, i) => this.#unit(u.word, u.shown, open && i === units.length - 1, u.must));
    // Words written apart or together otherwise than in the book: `data set`, `dataset`; `asof`, `as-of`.
    for (let i = 0; i + 1 < list.length; i++) {
      for (const term of this.#relatives(units[i].word + units[i + 1].word)) spans.push({ from: i, to: i + 2, term, weight: 1 });
    }
    // Names of one thing, also through a corrected word.
    const stems = list.map((unit, i) => stem(unit.fixed ?? units[i].word));
    const alike = (i) => spellings(units[i].word).filter((form) => this.#known(form) !== undefined || this.#isNamed(form)).map(stem);
    const variants = [stems, ...list.flatMap((_, i) => alike(i).map((form) => Object.assign([...stems], { [i]: form })))];
    const seen = new Set();
    for (const variant of variants)
      for (const { from, to, term } of this.#concepts(variant)) {
        if (seen.has(`${from} ${to} ${term}`)) continue;
        seen.add(`${from} ${to} ${term}`);
        spans.push({ from, to, term, weight: 1 });
        for (const other of this.related.get(term) ?? []) spans.push({ from, to, term: other, weight: this.settings.near });
      }
    return { list, spans, without, phrases, open };
  }

  #idf(count) {
    return Math.log(1 + (this.docs.length - count + 0.5) / (count + 0.5));
  }

  /** One unit's score for every document, the best of its matches each; and how rare the unit is. */
  #score(matches) {
    const scores = new Float32Array(this.docs.length);
    const best = new Float32Array(this.docs.length); // the weight of the best match: a relative of the word is less than the word
    const strong = Math.max(0, ...matches.values()) * 0.8;
    const counted = new Uint8Array(this.docs.length);
    let count = 0;
    for (const [term, weight] of matches) {
      const { docs, weights } = this.terms[term];
      for (let i = 0; i < docs.length; i++) {
        const doc = docs[i];
        if (weight * weights[i] > scores[doc]) scores[doc] = weight * weights[i];
        if (weight > best[doc]) best[doc] = weight;
        if (weight >= strong && !counted[doc]) count += counted[doc] = 1;
      }
    }
    const idf = this.#idf(count);
    for (let doc = 0; doc < scores.length; doc++) scores[doc] *= idf;
    return { scores, idf, best };
  }

  /**
   * Sections for a query, best first, with the matches in their title and text; and what was made of the query.
   * @param {string} query
   */
  rank(query) {
    const { list, spans, without, phrases, open } = this.#parse(query);
    const count = this.docs.length;
    const counts = list.map((unit) => !unit.stop);
    for (const span of spans) // a stop word counts within a name
      if (this.terms[span.term].docs.length && span.weight === 1 && span.to - span.from > 1) for (let i = span.from; i < span.to; i++) counts[i] ||= !counts.slice(span.from, span.to).some(Boolean);
    if (!counts.some(Boolean)) counts.fill(true);
    const scored = list.map((unit, i) => (counts[i] ? this.#score(unit.matches) : null));
    const together = new Map(); // spans over the same words, and equally good, are one
    for (const { from, to, term, weight } of spans) {
      if (!this.terms[term].docs.length) continue;
      const key = `${from} ${to} ${weight}`;
      if (!together.has(key)) together.set(key, { from, to, weight, terms: new Map() });
      together.get(key).terms.set(term, 1);
    }
    for (const { from, to, weight, terms } of together.values()) {
      const inside = scored.slice(from, to).filter(Boolean);
      if (!inside.length) continue;
      const { scores, idf } = this.#score(terms);
      const share = weight * this.settings.name * inside.length ** -0.5;
      for (let doc = 0; doc < count; doc++) {
        if (!scores[doc]) continue;
        const value = scores[doc] * share;
        let sum = 0;
        for (const part of inside) sum += part.scores[doc];
        if (value * inside.length > sum) for (const part of inside) part.scores[doc] = Math.max(part.scores[doc], value);
        else if (weight === 1) for (const part of inside) part.scores[doc] = Math.max(part.scores[doc], value * 0.5);
      }
      if (weight === 1) for (const part of inside) part.idf = Math.max(part.idf, Math.min(idf, 3));
    }
    this.#loosen(spans, scored);
    const live = scored.map((part, i) => (part && part.scores.some(Boolean) ? i : -1)).filter((i) => i >= 0);
    const whole = live.reduce((sum, i) => sum + scored[i].idf, 0) || 1;
    const musts = list.flatMap((unit, i) => (unit.must && scored[i] ? [i] : []));
    let found = [];
    for (let doc = 0; doc < count; doc++) {
      let sum = 0;
      let covered = 0;
      for (const i of live) {
        const value = scored[i].scores[doc];
        if (!value) continue;
        sum += value;
        covered += scored[i].idf * Math.max(scored[i].best[doc], 0.5);
      }
      if (!sum) continue;
      if (musts.some((i) => !scored[i].scores[doc])) continue;
      found.push({ doc, score: sum * (covered / whole) ** this.settings.coverage * this.factor[doc] });
    }
    if (without.length || phrases.length)
      found = found.filter(({ doc }) => {
        const read = this.read[doc];
        const has = (phrase) => ["title", "text"].some((field) => this.#contains(read[field], phrase));
        return !without.some(has) && phrases.every(has);
      });
    found.sort((a, b) => b.score - a.score || a.doc - b.doc);
    found.splice(this.settings.atMost);
    const masks = this.#masks(list, spans, counts);
    for (const hit of found) {
      hit.title = this.#matched(this.read[hit.doc].title, masks);
      hit.text = this.#matched(this.read[hit.doc].text, masks);
      hit.score *= this.#nearness(hit, live);
    }
    found.sort((a, b) => b.score - a.score || a.doc - b.doc);
    const least = (found[0]?.score ?? 0) * 0.04;
    return { hits: found.filter(({ score }) => score >= least), list, live, counts, open };
  }

  /** Where neither a name nor what is near it stands, its words alone count for less: `matrix` without `confusion`. */
  #loosen(spans, scored) {
    const names = new Map();
    for (const { from, to, term } of spans)
      if (to - from > 1 && this.terms[term].word.startsWith("§")) names.set(`${from} ${to}`, [...(names.get(`${from} ${to}`) ?? []), term]);
    for (const [key, terms] of names) {
      const [from, to] = key.split(" ");
      const named = new Set(terms.flatMap((term) => this.terms[term].docs));
      for (const part of scored.slice(from, to))
        if (part && named.size) for (let doc = 0; doc < this.docs.length; doc++) if (!named.has(doc)) part.scores[doc] *= this.settings.loose;
    }
  }

  /** Which units a term is a match of: bit `i` for unit `i`, bit `16 + i` when it is a weak one. */
  #masks(list, spans, counts) {
    const masks = new Int32Array(this.terms.length);
    const put = (term, unit, weak) => (masks[term] |= 1 << (weak ? unit + 16 : unit));
    list.forEach(({ matches }, i) => {
      if (counts[i]) for (const [term, weight] of matches) put(term, i, weight < 0.5);
    });
    for (const { from, to, term, weight } of spans) for (let i = from; i < to; i++) if (counts[i]) put(term, i, weight < 1);
    return masks;
  }

  /** The matches in a text that was read: starts, ends and masks, one behind the other. */
  #matched(read, masks) {
    const found = [];
    for (let t = 0; t < read.length; t += 3) {
      const mask = masks[read[t + 2]];
      if (mask) found.push(read[t], read[t + 1], mask);
    }
    return found;
  }

  /** Words together in the title, or side by side in the text, are a better match than the same words apart. */
  #nearness({ title, text }, live) {
    const units = live.reduce((mask, i) => mask | (1 << i), 0) & 0xffff;
    const all = live.length || 1;
    let inTitle = 0;
    for (let t = 2; t < title.length; t += 3) inTitle |= title[t];
    let together = 0;
    let seen = 0;
    for (let t = 0, last = 0, place = -99; t < text.length && live.length > 1; t += 3) {
      const mask = text[t + 2] & units;
      if (!mask) continue;
      const pair = text[t] - place < 12 ? mask | last : mask;
      if (bits(pair) > 1) seen |= pair;
      last = mask;
      place = text[t + 1];
    }
    if (live.length > 1) together = Math.max(0, bits(seen) - 1) / (all - 1);
    return 1 + this.settings.inTitle * (bits(inTitle & units) / all) ** 2 + this.settings.together * together;
  }

  /** Whether the words stand one behind the other. */
  #contains(read, phrase) {
    const list = [];
    for (let t = 0; t < read.length; t += 3) {
      const { word } = this.terms[read[t + 2]];
      if (!word.startsWith("§")) list.push(word);
    }
    return list.some((_, at) => phrase.every((word, i) => list[at + i] === word));
  }

  /**
   * What the theme shows: pages, each with its sections, best first.
   * @param {string} query
   */
  search(query) {
    const { hits, list, live, counts, open } = this.rank(query);
    const groups = new Map();
    for (const hit of hits) {
      const page = this.page.get(this.docs[hit.doc].location.split("#")[0]);
      if (!groups.has(page)) groups.set(page, []);
      groups.get(page).push(item(this.docs[hit.doc], hit, live.map((i) => [i, list[i].fixed ?? list[i].shown])));
    }
    for (const [page, group] of groups) {
      const best = group[0].score;
      const shown = group.filter(({ location, score }) => location.includes("#") && score >= best * this.settings.beside);
      for (const section of shown.slice(0, 1 + this.settings.besides)) section.score = best;
      if (!group.some(({ location }) => location === page.location))
        group.push({ location: page.location, title: escape(page.title), text: "", score: 0, terms: {} });
    }
    const fixed = list.filter((unit, i) => counts[i] && unit.fixed).map((unit) => unit.fixed);
    const result = { items: [...groups.values()], suggest: this.#suggest(list, open) };
    if (groups.size && fixed.length) result.fixed = fixed;
    if (!groups.size) result.near = this.#close(list);
    return result;
  }

  #suggest(list, open) {
    const last = list.at(-1);
    if (!last || !open || last.fixed) return [];
    const begun = this.#begin(fold(last.shown)).filter((id) => this.terms[id].word.startsWith(last.shown));
    const best = begun.sort((a, b) => this.terms[b].docs.length - this.terms[a].docs.length)[0];
    return best === undefined ? [] : [this.terms[best].word];
  }

  /** Where nothing was found: words that begin alike. */
  #close(list) {
    const found = list.flatMap(({ shown }) => {
      const word = fold(shown);
      return word.length < 4 ? [] : this.#begin(word.slice(0, 3)).map((id) => [id, edits(word, this.terms[id].word, 6)]);
    });
    return found.sort((a, b) => a[1] - b[1]).slice(0, 4).map(([id]) => this.terms[id].word);
  }
}

/** How many of a mask's bits are set. */
function bits(mask) {
  let count = 0;
  for (let rest = mask >>> 0; rest; rest &= rest - 1) count++;
  return count;
}
