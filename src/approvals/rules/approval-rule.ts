import { OptionError } from "../../errors/option-error.js";
import { isJsonObject, type JsonObject } from "../../internal/json.js";
import type { ApprovalHandler } from "../approval-decision.js";
import type { ApprovalRequest } from "../../protocol/events/approval-request.js";

/** The result of evaluating a rule: `allow`, `deny`, `ask` or `none`. With `none`, another rule decides. */
export type Verdict =
  | { readonly kind: "allow"; readonly reason?: string | undefined; readonly content?: JsonObject | undefined }
  | { readonly kind: "deny"; readonly reason?: string | undefined }
  | { readonly kind: "ask"; readonly handler?: ApprovalHandler | undefined }
  | { readonly kind: "none" };

/**
 * A policy as a value: `decide` returns a verdict about a request, synchronously. {@link allow}, {@link deny}, {@link ask},
 * `match`, {@link first} and {@link all} create rules, and `onApproval` accepts one. A rule can accept one request; it never
 * accepts for the session or writes a lasting rule. A rule that throws declines the request.
 */
export interface ApprovalRule {
  readonly decide: (request: ApprovalRequest) => Verdict;
  /**
   * Returns the rule for a thread that starts in this directory. Absent if the rule is the same for all threads.
   *
   * @internal
   */
  readonly forThread?: ((directory: string) => ApprovalRule) | undefined;
}

const none: Verdict = Object.freeze({ kind: "none" });

/**
 * Returns a rule that accepts each request once. Its verdict is `none` if accepting needs content, or if the request does
 * not show its subject: for `userInput`, for an `elicitation` that asks for content or a visit to a page, and for a
 * `fileChange` without changes.
 *
 * @example
 * ```ts
 * import { allow, match } from "codexkit";
 *
 * export const policy = match({ tool: "close_ticket" }, allow("the ticket is ours"));
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
 * Returns a rule that declines every request. The turn continues, and the model is informed.
 *
 * @example
 * ```ts
 * import { deny, match } from "codexkit";
 *
 * export const policy = match({ anyPath: ".github/**" }, deny("not by an agent"));
 * ```
 */
export function deny(reason?: string): ApprovalRule {
  checkReason("deny", reason);
  return rule(() => ({ kind: "deny", reason }));
}

/**
 * Returns a rule that calls a handler. Without a handler it declines every request.
 *
 * @example
 * ```ts
 * import { allow, ask, first, match } from "codexkit";
 *
 * export const policy = first(
 *   match({ path: "docs/**" }, allow()),
 *   ask((request) => ({ decision: "decline", reason: `not at night: ${request.kind}` })),
 * );
 * ```
 */
export function ask(handler?: ApprovalHandler): ApprovalRule {
  if (handler !== undefined && typeof handler !== "function")
    throw new OptionError("INVALID_OPTION", "ask", "`ask` accepts a function, or no argument.");
  return rule(() => ({ kind: "ask", handler }));
}

/**
 * Returns a rule with the verdict of the first rule whose verdict is not `none`. It is associative, and `first()` without
 * rules, whose verdict is always `none`, is its neutral element.
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
  const decide = (request: ApprovalRequest): Verdict => {
    for (const each of rules) {
      const verdict = readVerdict(each.decide(request));
      if (verdict.kind !== "none") return verdict;
    }
    return none;
  };
  return rule(decide, forThread(rules, first));
}

/**
 * Returns a rule with the strictest verdict of all rules: `deny`, then `ask`, then `allow`, then `none`; the earlier of two
 * equal ones. It is associative and idempotent, `deny()` absorbs, and `all()` without rules is its neutral element.
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
  const decide = (request: ApprovalRequest): Verdict => {
    let strictest: Verdict = none;
    for (const each of rules) {
      const verdict = readVerdict(each.decide(request));
      if (strictness[verdict.kind] > strictness[strictest.kind]) strictest = verdict;
    }
    return strictest;
  };
  return rule(decide, forThread(rules, all));
}

const strictness = { none: 0, allow: 1, ask: 2, deny: 3 } as const;

/** Returns true for a rule and false for a handler. */
export function isApprovalRule(value: unknown): value is ApprovalRule {
  return typeof value === "object" && value !== null && "decide" in value && typeof value.decide === "function";
}

/** Returns the value as a verdict. Throws a `TypeError` if a custom rule returned anything else. */
export function readVerdict(value: unknown): Verdict {
  if (isVerdict(value)) return value;
  throw new TypeError("a rule returned no verdict");
}

function isVerdict(value: unknown): value is Verdict {
  if (typeof value !== "object" || value === null || !("kind" in value)) return false;
  return typeof value.kind === "string" && Object.hasOwn(strictness, value.kind);
}

/** Creates a frozen rule. */
export function rule(decide: ApprovalRule["decide"], forThread?: ApprovalRule["forThread"]): ApprovalRule {
  const frozen = (request: ApprovalRequest): Verdict => Object.freeze(decide(request));
  return Object.freeze({ decide: frozen, ...(forThread === undefined ? {} : { forThread }) });
}

/** The `forThread` of a rule that joins others. Undefined if none of them differs between threads. */
function forThread(
  rules: readonly ApprovalRule[],
  join: (...rules: readonly ApprovalRule[]) => ApprovalRule,
): ApprovalRule["forThread"] {
  if (rules.every((each) => each.forThread === undefined)) return undefined;
  return (directory) => join(...rules.map((each) => each.forThread?.(directory) ?? each));
}

export function checkRules(option: string, rules: readonly unknown[]): void {
  if (rules.every(isApprovalRule)) return;
  throw new OptionError(
    "INVALID_OPTION",
    option,
    `\`${option}\` accepts rules, such as \`allow()\` and \`match()\` return.`,
  );
}

function checkReason(option: string, reason: unknown): void {
  if (reason === undefined || typeof reason === "string") return;
  throw new OptionError("INVALID_OPTION", option, `The reason of \`${option}\` must be a string.`);
}

/** Returns true for a form without fields, such as codex's own question whether a tool may run. */
export function wantsNothing(mode: string, schema: JsonObject | null): boolean {
  if (mode !== "form" || schema === null) return false;
  const { properties, required } = schema;
  const asksFor = isJsonObject(properties) ? Object.keys(properties).length : properties === undefined ? 0 : 1;
  const requires = Array.isArray(required) ? required.length : required === undefined ? 0 : 1;
  return asksFor + requires === 0;
}
