// The bundle that Python runs in V8: `render(tex, display)` gives JSON, {"svg": …} or {"error": …}.
//
// MathJax draws a formula as nested groups, one element a glyph, each glyph's outline in full. That is 6 KB and 30 elements
// for P(y=1|x). Here all outlines become one path in relative whole units (a thousandth of the font size): a third of the
// bytes, three elements, no ids, no strokes, and equal glyphs stay equal text, which compresses. Whatever this cannot draw
// faithfully is an error, never a gap.

import { mathjax } from '@mathjax/src/js/mathjax.js';
import { SVG } from '@mathjax/src/js/output/svg.js';
import { adaptor, input } from './tex.mjs';

const output = new SVG({ fontCache: 'none', linebreaks: { inline: false } });
const page = mathjax.document('', { InputJax: input(), OutputJax: output });
const RULE = 70; // MathJax leaves the thickness of table rules to its style sheet

class Pen {
  d = '';
  at = [0, 0];
  start = [0, 0];
  last = '';

  // `bounds` is left, top, right, bottom; it grows where ink sticks out, as the foot of an italic p does.
  constructor(bounds) {
    this.bounds = bounds;
  }

  // One relative command; numbers are set apart only where needed, a repeated letter is left out.
  put(letter, ...points) {
    for (const [x, y] of points) {
      const [left, top, right, bottom] = this.bounds;
      this.bounds = [Math.min(left, x), Math.min(top, y), Math.max(right, x), Math.max(bottom, y)];
    }
    const numbers = points.flatMap(([x, y]) => [x - this.at[0], y - this.at[1]]);
    const [dx, dy] = numbers;
    if (letter === 'l' && (dx === 0 || dy === 0)) {
      if (dx === 0 && dy === 0) return;
      [letter, numbers.length] = dy === 0 ? ['h', 1] : ['v', 1];
      if (letter === 'v') numbers[0] = dy;
    }
    const separator = this.last === letter ? ' ' : letter;
    numbers.forEach((n, i) => {
      const before = i === 0 ? separator : ' ';
      this.d += n < 0 && before === ' ' ? n : before + n;
    });
    this.last = letter;
    this.at = points.at(-1);
    if (letter === 'm') this.start = this.at;
  }

  close() {
    this.d += 'z';
    this.last = 'z';
    this.at = this.start;
  }

  // A rectangle, wound like the fonts' outlines, so that overlaps add up under the nonzero rule.
  box(to, [x0, y0, x1, y1]) {
    this.put('m', to(x0, y0));
    this.put('l', to(x1, y0));
    this.put('l', to(x1, y1));
    this.put('l', to(x0, y1));
    this.close();
  }
}

// `translate(…) scale(…)` as [x factor, y factor, x shift, y shift], applied inside `outer`.
function transformed(text, outer) {
  return [...text.matchAll(/(\w+)\(([^)]*)\)/g)].reduce(([a, d, e, f], [, name, list]) => {
    const [p, q, r, s, t, u] = list.trim().split(/[\s,]+/).map(Number);
    if (name === 'translate') return [a, d, e + a * p, f + d * (q ?? 0)];
    if (name === 'scale') return [a * p, d * (q ?? p), e, f];
    if (name === 'matrix' && q === 0 && r === 0) return [a * p, d * s, e + a * t, f + d * u];
    throw new Error(`the handbook does not draw the transformation ${name}`);
  }, outer);
}

// The shift is rounded apart from the outline: a glyph has the same numbers wherever it stands.
const rounded = ([a, d, e, f]) => (x, y) => [Math.round(a * x) + Math.round(e), Math.round(d * y) + Math.round(f)];

function contours(d) {
  const result = [];
  for (const [, letter, list] of d.matchAll(/([A-Z])([^A-Z]*)/gi)) {
    const numbers = (list.match(/-?(?:\d+\.?\d*|\.\d+)/g) ?? []).map(Number);
    const points = [];
    for (let i = 0; i < numbers.length; i += 2) points.push([numbers[i], numbers[i + 1]]);
    if (letter === 'M') result.push([]);
    if (!'MLCZ'.includes(letter)) throw new Error(`the handbook does not draw the path command ${letter}`);
    result.at(-1).push([letter, points]);
  }
  return result;
}

function outline(pen, d, matrix) {
  const to = rounded(matrix);
  for (const contour of contours(d)) {
    for (const [letter, points] of contour) {
      const placed = points.map(([x, y]) => to(x, y));
      if (letter === 'Z') pen.close();
      else if (letter === 'M') pen.put('m', placed[0]);
      else if (letter === 'L') placed.forEach((point) => pen.put('l', point));
      else for (let i = 0; i < placed.length; i += 3) pen.put('c', ...placed.slice(i, i + 3));
    }
  }
}

// A stretched delimiter or brace repeats a straight piece: a glyph drawn too long inside a small <svg> that cuts its ends
// off. What is left of each bar of the glyph is a rectangle.
function extender(pen, node, matrix) {
  const [x, y, width, height] = ['x', 'y', 'width', 'height'].map((name) => number(node, name));
  const [left, bottom] = adaptor.getAttribute(node, 'viewBox').split(' ').map(Number);
  const glyph = adaptor.firstChild(node);
  const [a, d, e, f] = transformed(adaptor.getAttribute(glyph, 'transform') ?? '', [1, 1, x - left, y - bottom]);
  for (const contour of contours(adaptor.getAttribute(glyph, 'd'))) {
    const xs = contour.flatMap(([, points]) => points.map((point) => a * point[0] + e));
    const ys = contour.flatMap(([, points]) => points.map((point) => d * point[1] + f));
    const [x0, x1] = [Math.max(Math.min(...xs), x), Math.min(Math.max(...xs), x + width)];
    const [y0, y1] = [Math.max(Math.min(...ys), y), Math.min(Math.max(...ys), y + height)];
    pen.box(rounded(matrix), [x0, y0, x1, y1]);
  }
}

const number = (node, name) => Number.parseFloat(adaptor.getAttribute(node, name) ?? '0');

function draw(pen, node, outer) {
  const kind = adaptor.kind(node);
  const matrix = transformed(adaptor.getAttribute(node, 'transform') ?? '', outer);
  if (kind === 'g') {
    for (const child of adaptor.childNodes(node)) draw(pen, child, matrix);
  } else if (kind === 'path') {
    outline(pen, adaptor.getAttribute(node, 'd') ?? '', matrix);
  } else if (kind === 'rect') {
    const [x, y, w, h] = ['x', 'y', 'width', 'height'].map((name) => number(node, name));
    const framed = adaptor.getAttribute(node, 'data-frame');
    if (!framed && adaptor.getAttribute(node, 'fill') !== 'none') {
      pen.box(rounded(matrix), [x, y, x + w, y + h]);
    } else {
      const t = (framed ? RULE : number(node, 'stroke-width')) / 2;
      pen.box(rounded(matrix), [x - t, y - t, x + w + t, y + t]);
      pen.box(rounded(matrix), [x - t, y + h - t, x + w + t, y + h + t]);
      pen.box(rounded(matrix), [x - t, y - t, x + t, y + h + t]);
      pen.box(rounded(matrix), [x + w - t, y - t, x + w + t, y + h + t]);
    }
  } else if (kind === 'line' && adaptor.getAttribute(node, 'class') === 'mjx-solid') {
    const [x0, y0, x1, y1] = ['x1', 'y1', 'x2', 'y2'].map((name) => number(node, name));
    const t = (number(node, 'stroke-thickness') || RULE) / 2;
    pen.box(rounded(matrix), x0 === x1 ? [x0 - t, y0, x0 + t, y1] : [x0, y0 - t, x1, y0 + t]);
  } else if (kind === 'svg' && adaptor.getAttribute(node, 'viewBox') && !adaptor.getAttribute(node, 'preserveAspectRatio')) {
    extender(pen, node, matrix);
  } else if (kind === 'text') {
    throw new Error(`no glyph for “${adaptor.textContent(node)}”; write it outside the formula`);
  } else {
    throw new Error(`the handbook does not draw <${kind}>, which MathJax uses here; write the formula another way`);
  }
}

function typeset(tex, display) {
  const svg = adaptor.firstChild(page.convert(tex, { display }));
  if (adaptor.getAttribute(svg, 'width').endsWith('%')) throw new Error('equation numbers (\\tag) are not supported');
  const [x, y, w, h] = adaptor.getAttribute(svg, 'viewBox').split(' ').map(Number);
  const pen = new Pen([x, Math.floor(y), Math.ceil(x + w), Math.ceil(y + h)]);
  for (const child of adaptor.childNodes(svg)) draw(pen, child, [1, 1, 0, 0]);
  const [left, top, right, bottom] = pen.bounds;
  const ex = (units) => `${Number((units / output.font.params.x_height / 1000).toFixed(3))}ex`;
  return (
    `<svg style="vertical-align:${ex(-bottom)}" width="${ex(right - left)}" height="${ex(bottom - top)}"` +
    ` viewBox="${left} ${top} ${right - left} ${bottom - top}" fill="currentColor" aria-hidden="true"><path d="${pen.d}"/></svg>`
  );
}

globalThis.render = (tex, display) => {
  try {
    return JSON.stringify({ svg: typeset(tex, display) });
  } catch (error) {
    return JSON.stringify({ error: error.message ?? String(error) });
  }
};
