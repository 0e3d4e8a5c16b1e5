// Audits pages of a demo with Lighthouse, as a phone shows them, and fails where
// one of them is not what this programme promises. README.md says how to run it.
import {readFileSync, writeFileSync} from 'node:fs';
import {parseArgs} from 'node:util';
import lighthouse from 'lighthouse';
import puppeteer from 'puppeteer-core';
import {begin, chromium, signIn, startDemo} from './demo.mjs';
import {bytes, categories, failures, printTable, score} from './report.mjs';

const budget = 60_000; // bytes of the first view of a module
const runs = 3; // of which the fastest counts: a machine that is busy is no fault of a page
const module = 'names-first';
const otherModule = 'let-them-finish'; // nobody begins it, so it shows its cover
const still = ['accessibility', 'best-practices']; // are the same in every run

/** Makes the browser forget all that it has seen, but not who is signed in. */
async function forget(page, url) {
  const session = await page.createCDPSession();
  await session.send('Network.clearBrowserCache');
  await session.send('Storage.clearDataForOrigin', {
    origin: new URL(url).origin,
    storageTypes: 'file_systems,shader_cache,service_workers,cache_storage',
  });
  await session.detach();
}

/** Audits what an address shows to whoever is signed in, as at a first visit. */
async function audit(page, url, onlyCategories) {
  await forget(page, url);
  const flags = {onlyCategories, disableStorageReset: true, logLevel: 'error'}; // forget did it, all but the cookies
  const {lhr} = await lighthouse(url, flags, undefined, page);
  if (lhr.runtimeError) throw new Error(`${lhr.runtimeError.code}: ${lhr.runtimeError.message}`);
  const landed = new URL(lhr.finalDisplayedUrl);
  if (landed.pathname !== new URL(url).pathname) throw new Error(`the page at ${new URL(url).pathname} led to ${landed.pathname}`);
  return lhr;
}

/** Audits a page until it is as fast as it should be, at most so many times. */
async function fastest(page, url) {
  let best;
  for (let run = 0; run < runs && !(score(best ?? {categories: {}}, 'performance') === 100); run++) {
    const result = await audit(page, url, Object.keys(categories));
    if (!best || score(result, 'performance') > score(best, 'performance')) best = result;
  }
  return best;
}

/** Audits all pages, in the order in which a person comes to them. */
async function auditAll(base, browser) {
  const page = (await browser.pages())[0];
  const results = [];
  results.push({page: 'the start', result: await audit(page, `${base}/`, still)});
  await signIn(page, base);
  results.push({page: 'home', result: await audit(page, `${base}/`, still)});
  results.push({page: 'a cover', result: await audit(page, `${base}/modules/${otherModule}`, still)});
  await begin(page, base, module);
  results.push({page: 'a module', result: await fastest(page, `${base}/modules/${module}`)});
  return results;
}

/** Prints what was found, and returns what of it must not be. */
function judge(results, view, timingMayVary) {
  const faults = [];
  for (const {page, result} of results) {
    for (const name of Object.keys(categories)) {
      const reached = score(result, name);
      if (!(name in result.categories) || reached === 100) continue;
      const fault = `${page}: ${categories[name]} is ${reached ?? 'not known'}`;
      const free = name === 'performance' && timingMayVary;
      console.log(`\n${fault}${free ? ' (timing may vary here)' : ''}`);
      for (const line of failures(result, name)) console.log(`  ${line}`);
      if (!free) faults.push(fault);
    }
  }
  if (view.total > budget) faults.push(`the first view of a module is ${view.total} bytes, over ${budget}`);
  return faults;
}

/** Returns what is kept of the audits: no address and no path. */
function record(pages, view, browserVersion) {
  const version = name => JSON.parse(readFileSync(new URL(`node_modules/${name}/package.json`, import.meta.url))).version;
  return {
    date: new Date().toISOString().slice(0, 10),
    versions: {lighthouse: version('lighthouse'), 'axe-core': version('axe-core'), chromium: browserVersion.replace(/^.*\//, '')},
    pages,
    firstModuleView: {budget, transferred: view},
  };
}

async function main() {
  const {values, positionals} = parseArgs({
    options: {check: {type: 'boolean'}, 'timing-may-vary': {type: 'boolean'}},
    allowPositionals: true,
  });
  const demo = await startDemo(positionals[0]);
  let browser;
  try {
    const root = process.getuid?.() === 0; // Chromium refuses its sandbox to root
    browser = await puppeteer.launch({executablePath: chromium(), defaultViewport: null, args: root ? ['--no-sandbox'] : []});
    const results = await auditAll(demo.base, browser);
    const view = bytes(results.at(-1).result);
    const pages = results.map(({page, result}) => {
      const scores = Object.keys(categories).map(name => [name, score(result, name)]);
      return {page, ...Object.fromEntries(scores.filter(([, reached]) => reached !== undefined))};
    });
    printTable(pages);
    const faults = judge(results, view, values['timing-may-vary']);
    const kinds = Object.entries(view).filter(([kind]) => kind !== 'total').map(([kind, size]) => `${kind} ${size}`);
    console.log(`\nThe first view of a module: ${view.total} of ${budget} bytes (${kinds.join(', ')})`);
    if (!values.check) {
      const kept = record(pages, view, await browser.version());
      writeFileSync(new URL('result.json', import.meta.url), `${JSON.stringify(kept, undefined, 2)}\n`);
    }
    for (const fault of faults) console.error(`FAILED: ${fault}`);
    return faults.length ? 1 : 0;
  } finally {
    await browser?.close();
    await demo.stop();
  }
}

process.exitCode = await main();
