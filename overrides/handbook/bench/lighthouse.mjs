// Reads {chrome, flags, categories, addresses} as JSON, prints {address: {scores, failing}}; one browser for all.
import lighthouse from "lighthouse";
import { launch } from "chrome-launcher";

let text = "";
for await (const part of process.stdin) text += part;
const { chrome, flags, categories, addresses } = JSON.parse(text);

const browser = await launch({ chromePath: chrome, chromeFlags: ["--headless=new", ...flags], logLevel: "silent" });
const found = {};
try {
  for (const address of addresses) {
    const { lhr } = await lighthouse(address, { port: browser.port, onlyCategories: categories, logLevel: "silent" });
    const scored = Object.values(lhr.categories).flatMap((category) => category.auditRefs.filter((ref) => ref.weight > 0).map((ref) => ref.id));
    found[address] = {
      scores: Object.fromEntries(Object.values(lhr.categories).map((category) => [category.id, category.score === null ? null : Math.round(100 * category.score)])),
      failing: [...new Set(scored)]
        .map((id) => lhr.audits[id])
        .filter((audit) => audit.score !== null && audit.score < 1)
        .map((audit) => `${audit.id}: ${audit.title} ${JSON.stringify(audit.details?.items?.slice(0, 2).map((item) => item.node?.selector ?? item.href ?? item) ?? [])}`),
    };
  }
} finally {
  await browser.kill();
}
console.log(JSON.stringify(found));
