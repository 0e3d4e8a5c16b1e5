// The program under audit: a demo of it on a free port, and a person in it.
import {spawn, spawnSync} from 'node:child_process';
import {accessSync, constants, mkdtempSync, rmSync} from 'node:fs';
import {tmpdir} from 'node:os';
import path from 'node:path';
import {fileURLToPath} from 'node:url';

const tree = fileURLToPath(new URL('../..', import.meta.url));

/** Builds the program of this tree into a folder and returns its path. */
function build(folder) {
  const binary = path.join(folder, 'first5');
  const {status} = spawnSync('go', ['build', '-o', binary, './cmd/first5'], {cwd: tree, stdio: 'inherit'});
  if (status !== 0) throw new Error('first5 can’t be built; mend it, or name a binary that is there');
  return binary;
}

/** Resolves to the address that the welcome of a demo names. */
function address(demo) {
  return new Promise((resolve, reject) => {
    let welcome = '';
    demo.stdout.on('data', text => {
      welcome += text;
      const found = welcome.match(/http:\/\/localhost:\d+(?=\n)/);
      if (found) resolve(found[0]);
    });
    demo.on('error', reject);
    demo.on('exit', code => reject(new Error(`first5 demo ended by itself, with ${code}`)));
  });
}

/**
 * Starts a demo with data of its own, of the binary at a path or, without one,
 * of this tree. stop ends it and leaves nothing behind.
 */
export async function startDemo(given) {
  const folder = mkdtempSync(path.join(tmpdir(), 'first5-audit-'));
  let demo;
  const stop = async () => {
    if (demo?.pid && demo.exitCode === null && demo.signalCode === null) {
      const gone = new Promise(resolve => demo.once('exit', resolve));
      demo.kill();
      await gone;
    }
    rmSync(folder, {recursive: true, force: true});
  };
  try {
    const binary = given ? path.resolve(given) : build(folder);
    const args = ['demo', '--listen', '127.0.0.1:0', '--data', path.join(folder, 'data')];
    demo = spawn(binary, args, {stdio: ['ignore', 'pipe', 'inherit']});
    return {base: await address(demo), stop};
  } catch (problem) {
    await stop();
    throw problem;
  }
}

/** Returns where Chromium is. */
export function chromium() {
  for (const folder of process.env.PATH.split(path.delimiter)) {
    for (const name of ['chromium', 'chromium-browser', 'google-chrome']) {
      const file = path.join(folder, name);
      try {
        accessSync(file, constants.X_OK);
        return file;
      } catch {
        // it is not this one
      }
    }
  }
  throw new Error('there is no Chromium; install the package chromium');
}

/** Presses something that leads to another page, and waits for that one. */
async function follow(page, xpath) {
  await Promise.all([page.waitForNavigation(), page.click(`::-p-xpath(${xpath})`)]);
}

/** Signs a physician of the demo in. */
export async function signIn(page, base) {
  await page.goto(`${base}/signin`);
  await follow(page, '//a[text()="Mercy Lakes Health"]');
  await follow(page, '//button[.//*[text()="Noor Haddad"]]');
  await page.waitForSelector('.account');
}

/** Opens the cover of a module and begins it. */
export async function begin(page, base, slug) {
  await page.goto(`${base}/modules/${slug}`);
  await follow(page, '//button[text()="Begin"]');
  await page.waitForSelector('form[action$="/attempts"]');
}
