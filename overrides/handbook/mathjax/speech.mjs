// Formulas in words, at authoring time, in Node: a JSON list of TeX on standard input, a JSON list of English on standard output.
//
// Speech Rule Engine reads MathJax's MathML in ClearSpeak. It is told what notation means in this book where it can't
// know: `\mid` is "given", `\sim` is "is distributed as", (i) above a symbol names an example, FP is not F of P.

import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { text } from 'node:stream/consumers';
import { mathjax } from '@mathjax/src/js/mathjax.js';
import { SerializedMmlVisitor } from '@mathjax/src/js/core/MmlTree/SerializedMmlVisitor.js';
import { STATE } from '@mathjax/src/js/core/MathItem.js';
import { input } from './tex.mjs';

const require = createRequire(import.meta.url);
const engine = require.resolve('speech-rule-engine/lib/sre.js');
const sre = require(engine);
const page = mathjax.document('', { InputJax: input() });
const visitor = new SerializedMmlVisitor();
const APPLY = '\u2061';
const TIMES = '\u2062';

const words = (node) => (!node ? '' : node.isToken ? node.getText() : node.childNodes.map(words).join(' ')).replace(/\s+/g, ' ').trim();

// What notation means, said in MathML, before the engine reads it.
function clarify(root) {
  const token = (kind, string) => root.factory.create(kind, {}, [root.factory.create('text').setText(string)]);
  const nodes = [];
  root.walkTree((node) => nodes.push(node));
  for (const node of nodes) {
    const [first, second] = node.childNodes ?? [];
    if (node.isKind('mo') && node.getText() === '∼') {
      first.setText('is distributed as');
    } else if (node.isKind('mfrac') && Number.parseFloat(node.attributes.get('linethickness')) === 0) {
      const choose = root.factory.create('mrow', {}, [first, token('mtext', 'choose'), second]);
      node.parent.replaceChild(choose, node);
    } else if (node.isKind('msup') || node.isKind('msubsup')) {
      const raised = node.childNodes[node.sup];
      const inner = /^\( (.*) \)$/.exec(words(raised));
      if (inner) node.replaceChild(token('mi', `superscript ${inner[1]}`), raised);
    }
    // Neighbors in a row: `FP` is a name, not F of P; `P(A)` is P of A, unless it is `N(N-1)` or `R(1-R)`.
    const row = node.isKind('mrow') || node.isInferred ? node.childNodes : [];
    for (let i = row.length - 2; i >= 0; i--) {
      const [left, right, next] = row.slice(i, i + 3);
      if (!left.isKind('mi') || left.getText().length !== 1) continue;
      const open = right.isKind('mo') && right.getText() === '(' && next;
      if (right.isKind('mi') && /[fghFGH]/.test(left.getText())) {
        row.splice(i + 1, 0, token('mo', TIMES));
        row[i + 1].parent = node;
      } else if (open && /[A-Z]/.test(left.getText()) && !next.isKind('mn') && words(next) !== left.getText()) {
        row.splice(i + 1, 0, token('mo', APPLY));
        row[i + 1].parent = node;
      }
    }
  }
  return root;
}

// Names and phrases the engine has otherwise.
const PHRASES = [
  [/raised to the (superscript .*?) power/g, '$1'],
  [/raised to the normal down tack power/g, 'transpose'],
  [/raised to the asterisk power/g, 'star'],
  [/bold 1 times open/g, 'the indicator of open'],
  [/double struck /g, ''],
  [/normal triangle/g, 'Delta'],
  [/normal ([A-Z])/g, 'capital $1'],
  [/the metric of/g, 'the norm of'],
  [/almost equals/g, 'is approximately'],
  [/lamda/g, 'lambda'],
  [/right arrow from bar/g, 'maps to'],
  [/partial differential/g, 'partial'],
  [/\bsucceeds\b/g, 'is preferred to'],
  [/\bl n (of )?/g, 'the natural log of '],
  [/\bexp (?!of\b)/g, 'exp of '],
  [/\br-(\w)/g, 'R $1'],
  [/the arg of (min|max) with (.*?) below( of)?/g, 'the arg $1 over $2 of'],
  [/the arg of (min|max)/g, 'the arg $1'],
  [/with bottom brace below with (.*?) below/g, 'braced as $1'],
  [/\bblank /g, ''],
  [/ (Case|Line|Row) (\d+:)/g, '; $1 $2'],
  [/ (period|comma)$/, ''],
  [/^(\d+ (?:cases|lines));/, '$1:'],
];

await sre.setupEngine({
  locale: 'en',
  domain: 'clearspeak',
  style: 'VerticalLine_Given',
  modality: 'speech',
  json: join(dirname(engine), 'mathmaps'),
});
const spoken = JSON.parse(await text(process.stdin)).map((tex) => {
  const mml = visitor.visitTree(clarify(page.convert(tex, { display: true, end: STATE.CONVERT })));
  const speech = sre.toSpeech(mml.replace(/ data-(?!mjx)[\w-]+="[^"]*"/g, ''));
  return PHRASES.reduce((said, [from, to]) => said.replace(from, to), speech).trim();
});
process.stdout.write(JSON.stringify(spoken));
