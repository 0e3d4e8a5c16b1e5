// What audits found, in lines that a person can act on.

/** The categories of Lighthouse, in the order of the table. */
export const categories = {performance: 'performance', accessibility: 'accessibility', 'best-practices': 'best practices'};

/** Returns a category's score of 100, or undefined where it was not audited. */
export function score(result, category) {
  const given = result.categories[category]?.score;
  return typeof given === 'number' ? Math.round(given * 100) : undefined;
}

const unsaid = new Set(['type', 'valueType', 'key', 'description', 'granularity', 'newEngineResultDiffered', 'subItems', 'debugData']);

/** Returns one thing that an audit objects to, in a few words. */
function words(item) {
  if (item === null || typeof item !== 'object') return String(item);
  if (item.type === 'node') return [item.selector, item.explanation].filter(Boolean).join(': ');
  const said = Object.entries(item)
    .filter(([key, value]) => !unsaid.has(key) && value !== '' && value !== undefined)
    .map(([key, value]) => (typeof value === 'object' ? words(value) : `${key} ${value}`));
  return said.join(', ');
}

/** Returns the audits that a category's score suffers from, a line for each. */
export function failures(result, category) {
  const timed = category === 'performance'; // what slows a page down has no weight itself
  return result.categories[category].auditRefs
    .filter(ref => ref.weight > 0 || timed)
    .map(ref => result.audits[ref.id])
    .filter(audit => audit.score !== null && audit.score < 1)
    .map(audit => {
      const found = audit.details?.items ?? [];
      const wrong = Object.values(found).filter(item => item?.value !== true); // of a checklist, what is not ticked
      const items = wrong.slice(0, 20).map(words).filter(Boolean).join(' | ');
      const line = [`${audit.id}: ${audit.title}`, audit.displayValue, audit.errorMessage, items].filter(Boolean).join('; ');
      return line.replaceAll(new URL(result.finalDisplayedUrl).origin, '').replace(/\s+/g, ' ').slice(0, 2000);
    });
}

/** Returns the bytes that a page brought over the network, by kind. */
export function bytes(result) {
  const kinds = {total: 0};
  for (const request of result.audits['network-requests'].details.items) {
    if (!request.url.startsWith('http') || !request.transferSize) continue;
    const kind = (request.resourceType ?? 'other').toLowerCase();
    kinds[kind] = (kinds[kind] ?? 0) + request.transferSize;
    kinds.total += request.transferSize;
  }
  return kinds;
}

/** Prints the scores of all pages. */
export function printTable(pages) {
  const names = Object.keys(categories);
  const wide = Math.max(...pages.map(p => p.page.length));
  console.log(`\n${''.padEnd(wide)}  ${names.map(name => categories[name]).join('  ')}`);
  for (const p of pages) {
    const cells = names.map(name => String(p[name] ?? '–').padStart(categories[name].length));
    console.log(`${p.page.padEnd(wide)}  ${cells.join('  ')}`);
  }
}
