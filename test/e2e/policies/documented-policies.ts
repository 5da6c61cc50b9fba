import { readdirSync, readFileSync } from "node:fs";
import { join, relative } from "node:path";
import { fileURLToPath } from "node:url";
import { runInThisContext } from "node:vm";
import * as kit from "../../../src/index.js";
import type { ApprovalRule } from "../../../src/index.js";

const root = fileURLToPath(new URL("../../../", import.meta.url));

/** A policy in a page, a docstring or an example. */
export interface DocumentedPolicy {
  /** The file, and the number of the policy in it. */
  readonly place: string;
  readonly rule: ApprovalRule;
}

/** Returns every rule that the README, the guides, the docstrings and the examples pass to `onApproval` or call `policy`. */
export function documentedPolicies(): readonly DocumentedPolicy[] {
  const pages = ["README.md", ...filesIn("docs", ".md").filter((path) => !path.startsWith("docs/internals/"))];
  const sources = [...filesIn("src/approvals", ".ts"), ...filesIn("examples", ".ts")];
  const written = [...pages, ...sources].flatMap((path) =>
    policiesIn(readFileSync(join(root, path), "utf8")).map((text, at) => ({
      place: `${path}#${String(at + 1)}`,
      rule: evaluate(text),
    })),
  );
  const stored = filesIn("examples", "policy.json").map((path) => ({ place: path, rule: fromJson(path) }));
  return [...written, ...stored];
}

/** Returns a rule that accepts a request if one of the policies does. */
export function anyOf(policies: readonly DocumentedPolicy[], allowed: (place: string) => void): ApprovalRule {
  const decide: ApprovalRule["decide"] = (request) => {
    const verdicts = policies.map(({ place, rule }) => ({ place, verdict: rule.decide(request) }));
    const found = verdicts.find(({ verdict }) => verdict.kind === "allow");
    if (found === undefined) return { kind: "deny" };
    allowed(found.place);
    return found.verdict;
  };
  return {
    decide,
    forThread: (directory) =>
      anyOf(
        policies.map(({ place, rule }) => ({ place, rule: rule.forThread?.(directory) ?? rule })),
        allowed,
      ),
  };
}

function filesIn(folder: string, ending: string): readonly string[] {
  return readdirSync(join(root, folder), { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile() && entry.name.endsWith(ending))
    .map((entry) => relative(root, join(entry.parentPath, entry.name)));
}

/** Returns the source text of the rules. A docstring's `**\/` is the glob `**` and a slash. */
function policiesIn(text: string): readonly string[] {
  const code = text.replaceAll(/^ *\* ?/gm, "").replaceAll("**\\/", "**/");
  const begins = /(?:onApproval: |policy(?:: ApprovalRule)? = )(?=(?:first|all|match|allow|allowSandboxed)\()/g;
  return [...code.matchAll(begins)].map(({ 0: found, index }) => callAt(code, index + found.length));
}

function callAt(code: string, start: number): string {
  let depth = 0;
  for (let at = start; at < code.length; at += 1) {
    if (code[at] === "(") depth += 1;
    if (code[at] === ")") depth -= 1;
    if (code[at] === ")" && depth === 0) return code.slice(start, at + 1);
  }
  throw new Error(`The policy has no end: ${code.slice(start, start + 80)}`);
}

function evaluate(text: string): ApprovalRule {
  const names = ["all", "allow", "allowSandboxed", "ask", "deny", "first", "match"] as const;
  const make: unknown = runInThisContext(`({ ${names.join(", ")} }) => (${text})`);
  if (typeof make !== "function") throw new Error("no function");
  return asRule(Reflect.apply(make, undefined, [kit]));
}

function fromJson(path: string): ApprovalRule {
  const verdicts: Readonly<Record<string, () => ApprovalRule>> = { allow: kit.allow, deny: kit.deny, ask: kit.ask };
  const { rules } = JSON.parse(readFileSync(join(root, path), "utf8")) as {
    readonly rules: readonly { readonly match: kit.ApprovalPattern; readonly then: string }[];
  };
  return kit.first(...rules.map(({ match, then }) => kit.match(match, verdicts[then]?.() ?? kit.deny())));
}

function asRule(value: unknown): ApprovalRule {
  if (typeof value !== "object" || value === null || !("decide" in value)) throw new Error("no rule");
  const { decide } = value;
  if (typeof decide !== "function") throw new Error("no rule");
  return value as ApprovalRule;
}
