// Lists the modules that this device keeps, for whoever was signed in last.

const list = document.querySelector("#page_kept .rows");

// Whose pages they are is in doubt while somebody signs in.
async function modules() {
  const pages = await caches.open("first5-pages");
  const state = await (await pages.match("/kept-for"))?.json();
  if (!state?.learner || state.since) return [];
  const paths = (await pages.keys()).map((request) => new URL(request.url).pathname);
  return Promise.all(paths.filter((path) => /^\/modules\/[^/]+$/.test(path)).map(async (path) => {
    const page = new DOMParser().parseFromString(await (await pages.match(path)).text(), "text/html");
    return { path, heading: page.querySelector("h1") };
  }));
}

function row({ path, heading }) {
  const link = Object.assign(document.createElement("a"), { href: path, textContent: heading.textContent });
  for (const name of ["lang", "dir"]) if (heading.hasAttribute(name)) link.setAttribute(name, heading.getAttribute(name));
  const item = document.createElement("li");
  item.append(document.createElement("h3"));
  item.firstChild.append(link);
  return item;
}

const kept = self.caches ? await modules() : [];
list.append(...kept.reverse().map(row)); // the last one first
document.getElementById("page_kept").hidden = kept.length === 0;
document.getElementById("page_none").hidden = kept.length > 0;
