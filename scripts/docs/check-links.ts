import { existsSync } from "node:fs";
import { dirname, join, posix } from "node:path";
import { root } from "../house/read-files.js";

/** Links from page to page, or to another file of the repository, that lead nowhere. `pages` are texts by their path. */
export function checkLinks(pages: ReadonlyMap<string, string>): string[] {
  return [...pages].flatMap(([file, text]) =>
    linksOf(text)
      .filter((target) => !leadsSomewhere(file, target, pages))
      .map((target) => `${file}: the link to ${target} leads nowhere`),
  );
}

function linksOf(text: string): string[] {
  const prose = withoutCode(text).replaceAll(/`[^`\n]*`/g, "");
  return [...prose.matchAll(/\]\(([^)\s]+)\)/g)]
    .flatMap(([, target]) => target ?? [])
    .filter((target) => !/^[a-z]+:/.test(target));
}

function leadsSomewhere(file: string, target: string, pages: ReadonlyMap<string, string>): boolean {
  const [path = "", anchor] = target.split("#");
  const to = path === "" ? file : posix.join(dirname(file), path);
  if (!existsSync(join(root, to))) return false;
  const page = pages.get(to);
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
