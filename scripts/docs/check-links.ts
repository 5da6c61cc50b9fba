import { existsSync, statSync } from "node:fs";
import { dirname, join, posix } from "node:path";
import { isPublished, type Published } from "../house/package-manifest.js";
import { root } from "../house/read-files.js";

/**
 * Returns the links from page to page, or to another file of the repository, that lead nowhere, and the links from a page of
 * the package to a file outside it. `pages` are texts by their path.
 */
export function checkLinks(pages: ReadonlyMap<string, string>, published: Published): string[] {
  const problemOf = (file: string, target: string): string | null => {
    const link = readLink(file, target, published);
    if (link === null) return null;
    if (!leadsSomewhere(link, pages)) return `the link to ${target} leads nowhere`;
    if (link.isAbsolute || !isPublished(file, published) || isPublished(withoutSlash(link.path), published))
      return null;
    return `the package does not contain the target of the link to ${target}; link to ${addressOf(link.path, published)}`;
  };
  return [...pages].flatMap(([file, text]) =>
    linksOf(text).flatMap((target) => {
      const problem = problemOf(file, target);
      return problem === null ? [] : [`${file}: ${problem}`];
    }),
  );
}

function linksOf(text: string): string[] {
  const prose = withoutCode(text).replaceAll(/`[^`\n]*`/g, "");
  return [...prose.matchAll(/\]\(([^)\s]+)\)/g)].flatMap(([, target]) => target ?? []);
}

/** A link to a file or folder of the repository. */
interface Link {
  /** The path from the root of the repository. */
  readonly path: string;
  readonly anchor: string | undefined;
  /** Whether the link is the address of the file in the repository's web page. */
  readonly isAbsolute: boolean;
}

/** Returns null for a link to another site, or to a page of the repository that is not a file. */
function readLink(file: string, target: string, { source }: Published): Link | null {
  const [path = "", anchor] = target.split("#");
  for (const kind of ["blob", "tree"]) {
    const folder = `${source}/${kind}/${branch}/`;
    if (path.startsWith(folder)) return { path: path.slice(folder.length), anchor, isAbsolute: true };
  }
  if (/^[a-z]+:/.test(target)) return null;
  return { path: path === "" ? file : posix.join(dirname(file), path), anchor, isAbsolute: false };
}

function addressOf(path: string, { source }: Published): string {
  const isFolder = statSync(join(root, path)).isDirectory();
  return `${source}/${isFolder ? "tree" : "blob"}/${branch}/${path}`;
}

const branch = "main";

function withoutSlash(path: string): string {
  return path.replace(/\/$/, "");
}

function leadsSomewhere({ path, anchor }: Link, pages: ReadonlyMap<string, string>): boolean {
  if (!existsSync(join(root, path))) return false;
  const page = pages.get(path);
  return anchor === undefined || (page !== undefined && anchorsOf(page).includes(anchor));
}

/** As GitHub makes them of headings. */
function anchorsOf(text: string): string[] {
  const headings = withoutCode(text).matchAll(/^#{1,6} (.+)$/gm);
  return [...headings].map(([, heading = ""]) =>
    heading
      .toLowerCase()
      .replaceAll(/[^\p{L}\p{N}\s_-]/gu, "")
      .replaceAll(" ", "-"),
  );
}

function withoutCode(text: string): string {
  return text.replaceAll(/^( *)(`{3,}).*\n[^]*?^\1\2 *$/gm, "");
}
