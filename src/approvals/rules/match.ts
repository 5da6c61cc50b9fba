import { adviseName } from "../../errors/nearest-name.js";
import { OptionError } from "../../errors/option-error.js";
import type { ApprovalKind, ApprovalRequest } from "../../protocol/events/approval-request.js";
import { type ApprovalRule, checkRules, readVerdict, rule } from "./approval-rule.js";
import { commandTest } from "./command-patterns.js";
import { anyPath, everyPath } from "./path-patterns.js";
import { readTrustedFiles, trustFiles } from "./trusted-files.js";

/** A pattern of `match`: one of these. */
export type ApprovalPattern =
  | {
      /** The kind of the request, or several. */
      readonly kind: ApprovalKind | readonly ApprovalKind[];
    }
  | {
      /**
       * One plain command with all its words: `"git status"`, or `["git", "status"]`; or alternatives,
       * `[["git", "diff"], ["git", "log"]]`. A word with a blank needs the form with inner lists, also for one command:
       * `[["git", "commit", "-m", "a message"]]`. The command inside the surrounding shell must have exactly these words. A line
       * that is not one plain command does not match, nor does a command in another directory than the thread's. An allowed
       * command runs **outside the sandbox**, with every program and file that it uses. Use it with `allow`: a `deny` is
       * easily evaded.
       */
      readonly command: CommandWords;
      /**
       * Files that decide what the command does, such as `package.json`. Their digests are taken when the thread handle is
       * created. The pattern matches only if every file has the same content, and the same place behind links. A file that
       * does not exist throws an `OptionError`.
       */
      readonly trustedFiles?: readonly string[] | undefined;
    }
  | {
      /**
       * The first words of a plain command. **Dangerous**: it matches every command that begins with them, and options can
       * run other programs (`git log --ext-diff`, `npm test --prefix evil`, `find . -delete`). Use `command` if you can.
       */
      readonly commandPrefix: CommandWords;
      readonly trustedFiles?: readonly string[] | undefined;
    }
  | {
      /**
       * Globs. Every file that a patch changes must match one of them, by its own path and by its real path behind links. Use
       * it with `allow`: a glob must name a dot file to match it.
       */
      readonly path: string | readonly string[];
    }
  | {
      /**
       * Globs. At least one file that a patch changes must match, by its own path or its real path, without regard to case.
       * Use it with `deny`. It protects only files for which codex asks; `protectedPaths` protects files in the work tree.
       */
      readonly anyPath: string | readonly string[];
    }
  | {
      /** An MCP server: calls of its tools and its questions; with `tool`, only calls of that tool, or of one of these. */
      readonly server: string;
      readonly tool?: string | readonly string[] | undefined;
    }
  | {
      /** A host tool by its name or `namespace.name`, or several. A tool of an MCP server needs `server` as well. */
      readonly tool: string | readonly string[];
      readonly server?: undefined;
    };

/** The words of one command as a line or a list, or a list of alternatives, each a list of words. */
type CommandWords = string | readonly string[] | readonly (readonly string[])[];

/**
 * Returns a rule with the verdict of `then` if the request matches the pattern, and `none` otherwise. Relative globs start
 * at the thread's working directory. In a glob, `*` and `?` match within one name, `**` matches any number of names, `[a-z]`
 * one character, and `{a,b}` are alternatives. A path over 4,096 bytes, with a name over 255 bytes, with `..` or with invisible
 * characters matches no `path` and every `anyPath`. Throws an `OptionError`: `INVALID_OPTION` for a pattern that could never
 * match, `UNKNOWN_OPTION` for an unknown field.
 *
 * @example
 * ```ts
 * import { allow, allowSandboxed, ask, deny, first, match } from "codexkit";
 *
 * export const policy = first(
 *   match({ anyPath: ".github/**" }, deny("not by an agent")),
 *   match({ path: "/srv/reports/*.md" }, allow()),
 *   match({ server: "tracker", tool: ["search", "read"] }, allow()),
 *   allowSandboxed(),
 *   ask(() => ({ decision: "decline" })),
 * );
 * ```
 */
export function match(pattern: ApprovalPattern, then: ApprovalRule): ApprovalRule {
  checkRules("match", [then]);
  const { fits, trusted } = compile(pattern);
  const bind = (test: Test, next: ApprovalRule): ApprovalRule["decide"] => {
    return (request) => (test(request) ? readVerdict(next.decide(request)) : { kind: "none" });
  };
  if (trusted === null) {
    const { forThread } = then;
    return rule(bind(fits, then), forThread && ((directory) => rule(bind(fits, forThread(directory)))));
  }
  // Without a thread there are no digests to compare with.
  return rule(
    () => ({ kind: "none" }),
    (directory) => {
      const files = trustFiles(trusted, directory);
      const isSame = (request: ApprovalRequest): boolean =>
        request.kind === "command" && request.threadDirectory === directory && files.unchanged();
      return rule(bind((request) => fits(request) && isSame(request), then.forThread?.(directory) ?? then));
    },
  );
}

type Test = (request: ApprovalRequest) => boolean;

interface CompiledPattern {
  readonly fits: Test;
  /** The paths of trusted files, or `null`. */
  readonly trusted: readonly string[] | null;
}

function compile(pattern: unknown): CompiledPattern {
  if (typeof pattern !== "object" || pattern === null) throw invalid("match", "A pattern must be an object.");
  const entries = Object.entries(pattern).filter(([, value]) => value !== undefined);
  const fields = new Map<string, unknown>(entries);
  const fits = testOf(fields);
  return { fits, trusted: fields.has("trustedFiles") ? readTrustedFiles(fields.get("trustedFiles")) : null };
}

function testOf(fields: ReadonlyMap<string, unknown>): Test {
  const names = [...fields.keys()].sort().join(" ");
  switch (names) {
    case "kind":
      return kindTest(fields.get("kind"));
    case "command":
    case "command trustedFiles":
      return commandTest("command", fields.get("command"));
    case "commandPrefix":
    case "commandPrefix trustedFiles":
      return commandTest("commandPrefix", fields.get("commandPrefix"));
    case "path":
      return onlyFiles(everyPath(fields.get("path")));
    case "anyPath":
      return onlyFiles(anyPath(fields.get("anyPath")));
    case "tool":
      return toolTest(fields.get("tool"));
    case "server":
    case "server tool":
      return serverTest(fields.get("server"), fields.get("tool"));
    default:
      for (const name of fields.keys()) checkField(name);
      throw invalid(
        "match",
        "A pattern must have `kind`, `command` or `commandPrefix` with or without `trustedFiles`, `path`, `anyPath`, `tool`, or `server` with or without `tool`.",
      );
  }
}

const knownFields = ["anyPath", "command", "commandPrefix", "kind", "path", "server", "tool", "trustedFiles"];

function checkField(name: string): void {
  if (knownFields.includes(name)) return;
  const message = `Unknown field \`${name.slice(0, 80)}\` in the pattern of \`match\`. ${adviseName(name, knownFields)}`;
  throw new OptionError("UNKNOWN_OPTION", "match", message);
}

const kinds: Readonly<Record<ApprovalKind, true>> = {
  command: true,
  fileChange: true,
  permissions: true,
  mcpTool: true,
  elicitation: true,
  userInput: true,
  tool: true,
};

function kindTest(value: unknown): Test {
  const wanted = new Set(readNames("kind", value));
  for (const kind of wanted)
    if (!Object.hasOwn(kinds, kind)) throw invalid("match.kind", `There is no kind ${JSON.stringify(kind)}.`);
  return ({ kind }) => wanted.has(kind);
}

function onlyFiles(test: (request: Extract<ApprovalRequest, { kind: "fileChange" }>) => boolean): Test {
  return (request) => request.kind === "fileChange" && test(request);
}

function toolTest(value: unknown): Test {
  const wanted = new Set(readNames("tool", value));
  return (request) => request.kind === "tool" && wanted.has(qualifiedName(request));
}

function serverTest(server: unknown, tool: unknown): Test {
  if (typeof server !== "string" || server === "") throw invalid("match.server", "`server` must be a name.");
  const tools = tool === undefined ? null : new Set(readNames("tool", tool));
  return (request) => {
    if (request.kind === "elicitation") return tools === null && request.server === server;
    return request.kind === "mcpTool" && request.server === server && (tools === null || tools.has(request.tool));
  };
}

/** Returns `name` or `namespace.name`. */
export function qualifiedName({
  namespace,
  tool,
}: {
  readonly namespace: string | null;
  readonly tool: string;
}): string {
  return namespace === null ? tool : `${namespace}.${tool}`;
}

function readNames(option: string, value: unknown): readonly string[] {
  const names: readonly unknown[] = Array.isArray(value) ? value : [value];
  const texts = names.filter((name): name is string => typeof name === "string" && name !== "");
  if (names.length > 0 && texts.length === names.length) return texts;
  throw invalid(`match.${option}`, `\`${option}\` must be a non-empty string, or a list of them.`);
}

function invalid(option: string, message: string): OptionError {
  return new OptionError("INVALID_OPTION", option, message);
}
