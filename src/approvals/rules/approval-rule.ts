import { OptionError } from "../../errors/option-error.js";
import { isJsonObject, type JsonObject } from "../../internal/json.js";
import type { ApprovalHandler } from "../approval-decision.js";
import type { ApprovalRequest } from "../approval-request.js";

/** What a rule says of a request. `none`: no opinion, another rule may have one. */
export type Verdict =
  | { readonly kind: "allow"; readonly reason?: string | undefined; readonly content?: JsonObject | undefined }
  | { readonly kind: "deny"; readonly reason?: string | undefined }
  | { readonly kind: "ask"; readonly handler?: ApprovalHandler | undefined }
  | { readonly kind: "none" };

/**
 * A policy as a value: it looks at a request and says at once what it thinks of it. Rules are made by {@link allow},
 * {@link deny}, {@link ask}, `match`, {@link first} and {@link all}, and given as `onApproval`. The most a rule can say is
 * "yes, this once": none ever accepts for the session or writes a lasting rule. One that throws is a "no".
 */
export interface ApprovalRule {
  readonly decide: (request: ApprovalRequest) => Verdict;
}

const none: Verdict = Object.freeze({ kind: "none" });

/**
 * Says yes, once, to whatever it is asked. It has no opinion where a yes needs more than a yes, or where nobody can see
 * what it would be for: the questions of `userInput`, an `elicitation` that wants content or a visit to a page, and a
 * `fileChange` whose changes codex did not tell.
 *
 * @example
 * ```ts
 * import { allow, match } from "codexkit";
 *
 * export const policy = match({ command: "git status" }, allow("reads only"));
 * ```
 */
export function allow(reason?: string): ApprovalRule {
  checkReason("allow", reason);
  return rule((request) => {
    switch (request.kind) {
      case "userInput":
        return none;
      case "elicitation":
        return wantsNothing(request.mode, request.schema) ? { kind: "allow", reason, content: {} } : none;
      case "fileChange":
        return request.changes.length > 0 ? { kind: "allow", reason } : none;
      default:
        return { kind: "allow", reason };
    }
  });
}

/**
 * Says no. The model is told so, and the turn goes on.
 *
 * @example
 * ```ts
 * import { deny, match } from "codexkit";
 *
 * export const policy = match({ anyPath: "**\/.env*" }, deny("secrets stay as they are"));
 * ```
 */
export function deny(reason?: string): ApprovalRule {
  checkReason("deny", reason);
  return rule(() => ({ kind: "deny", reason }));
}

/**
 * Leaves the decision to a handler. Without one there is nobody to ask, and that is a no.
 *
 * @example
 * ```ts
 * import { allow, ask, first, match } from "codexkit";
 *
 * export const policy = first(
 *   match({ command: "npm test" }, allow()),
 *   ask((request) => ({ decision: "decline", reason: `not at night: ${request.kind}` })),
 * );
 * ```
 */
export function ask(handler?: ApprovalHandler): ApprovalRule {
  if (handler !== undefined && typeof handler !== "function")
    throw new OptionError("INVALID_OPTION", "ask", "`ask` takes a function, or nothing.");
  return rule(() => ({ kind: "ask", handler }));
}

/**
 * The verdict of the first rule that has an opinion. It is associative, and `first()` without rules, which never has an
 * opinion, is its neutral element.
 *
 * @example
 * ```ts
 * import { allow, deny, first, match } from "codexkit";
 *
 * export const policy = first(match({ kind: "command" }, deny()), match({ path: "docs/**" }, allow()));
 * ```
 */
export function first(...rules: readonly ApprovalRule[]): ApprovalRule {
  checkRules("first", rules);
  return rule((request) => {
    for (const each of rules) {
      const verdict = readVerdict(each.decide(request));
      if (verdict.kind !== "none") return verdict;
    }
    return none;
  });
}

/**
 * The strictest verdict of all rules: a no wins over asking, asking over a yes, a yes over no opinion; of equals the
 * earlier. It is associative and idempotent, `deny()` absorbs, and `all()` without rules is its neutral element.
 *
 * @example
 * ```ts
 * import { all, allow, deny, match } from "codexkit";
 *
 * export const policy = all(match({ path: "src/**" }, allow()), match({ anyPath: "**\/*.lock" }, deny()));
 * ```
 */
export function all(...rules: readonly ApprovalRule[]): ApprovalRule {
  checkRules("all", rules);
  return rule((request) => {
    let strictest: Verdict = none;
    for (const each of rules) {
      const verdict = readVerdict(each.decide(request));
      if (strictness[verdict.kind] > strictness[strictest.kind]) strictest = verdict;
    }
    return strictest;
  });
}

const strictness = { none: 0, allow: 1, ask: 2, deny: 3 } as const;

/** True for a rule, as opposed to a handler. */
export function isApprovalRule(value: unknown): value is ApprovalRule {
  return typeof value === "object" && value !== null && "decide" in value && typeof value.decide === "function";
}

/** The verdict, or a `TypeError` where a rule of the caller's own says something that is none. */
export function readVerdict(value: unknown): Verdict {
  if (isVerdict(value)) return value;
  throw new TypeError("a rule gave no verdict");
}

function isVerdict(value: unknown): value is Verdict {
  if (typeof value !== "object" || value === null || !("kind" in value)) return false;
  return typeof value.kind === "string" && Object.hasOwn(strictness, value.kind);
}

/** Makes a rule that nobody can change. */
export function rule(decide: (request: ApprovalRequest) => Verdict): ApprovalRule {
  return Object.freeze({ decide: (request: ApprovalRequest) => Object.freeze(decide(request)) });
}

export function checkRules(option: string, rules: readonly unknown[]): void {
  if (rules.every(isApprovalRule)) return;
  throw new OptionError(
    "INVALID_OPTION",
    option,
    `\`${option}\` takes rules, as \`allow()\` and \`match()\` give them.`,
  );
}

function checkReason(option: string, reason: unknown): void {
  if (reason === undefined || typeof reason === "string") return;
  throw new OptionError("INVALID_OPTION", option, `The reason of \`${option}\` is a string.`);
}

/** True for a form without fields, as codex's own question whether a tool may run. */
export function wantsNothing(mode: string, schema: JsonObject | null): boolean {
  if (mode !== "form" || schema === null) return false;
  const { properties, required } = schema;
  const asksFor = isJsonObject(properties) ? Object.keys(properties).length : properties === undefined ? 0 : 1;
  const requires = Array.isArray(required) ? required.length : required === undefined ? 0 : 1;
  return asksFor + requires === 0;
}
