import { resolve } from "node:path";
import { adviseName } from "../../errors/nearest-name.js";
import { OptionError } from "../../errors/option-error.js";
import type { ApprovalKind, ApprovalRequest, CommandApprovalRequest } from "../approval-request.js";
import { type ApprovalRule, checkRules, readVerdict, rule } from "./approval-rule.js";
import { anyPath, everyPath } from "./path-patterns.js";
import { splitCommand } from "./split-command.js";

/** A pattern of `match`: one of these. */
export type ApprovalPattern =
  | {
      /** The kind of the request, or several. */
      readonly kind: ApprovalKind | readonly ApprovalKind[];
    }
  | {
      /**
       * The first words of a plain command: `"git status"`, or `["git", "status"]`. They are compared word by word with the
       * command inside the surrounding shell. A line that is not exactly one plain command does not match, nor does a command
       * in another directory than the thread's working directory. Use it with `allow`: a `deny` is easily evaded.
       */
      readonly command: string | readonly string[];
    }
  | {
      /** Globs. Every file that a patch changes must match one of them. Use it with `allow`: a glob must name a dot file to match it. */
      readonly path: string | readonly string[];
    }
  | {
      /** Globs. At least one file that a patch changes must match, without regard to case. Use it with `deny`. */
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

/**
 * Returns a rule with the verdict of `then` if the request matches the pattern, and `none` otherwise. Relative globs start
 * at the thread's working directory. Paths are compared as text, without `..`; symbolic links are not resolved. Throws an
 * `OptionError`: `INVALID_OPTION` for a pattern that could never match, `UNKNOWN_OPTION` for an unknown field.
 *
 * @example
 * ```ts
 * import { allow, ask, deny, first, match } from "codexkit";
 *
 * export const policy = first(
 *   match({ anyPath: ["**\/.env*", ".github/**"] }, deny("not by an agent")),
 *   match({ path: "src/**" }, allow()),
 *   match({ command: "git status" }, allow()),
 *   match({ server: "tracker", tool: ["search", "read"] }, allow()),
 *   ask(() => ({ decision: "decline" })),
 * );
 * ```
 */
export function match(pattern: ApprovalPattern, then: ApprovalRule): ApprovalRule {
  checkRules("match", [then]);
  const fits = compile(pattern);
  return rule((request) => (fits(request) ? readVerdict(then.decide(request)) : { kind: "none" }));
}

type Test = (request: ApprovalRequest) => boolean;

function compile(pattern: unknown): Test {
  if (typeof pattern !== "object" || pattern === null) throw invalid("match", "A pattern must be an object.");
  const entries = Object.entries(pattern).filter(([, value]) => value !== undefined);
  const fields = new Map<string, unknown>(entries);
  const names = [...fields.keys()].sort().join(" ");
  switch (names) {
    case "kind":
      return kindTest(fields.get("kind"));
    case "command":
      return commandTest(fields.get("command"));
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
        "A pattern must have `kind`, `command`, `path`, `anyPath`, `tool`, or `server` with or without `tool`.",
      );
  }
}

const knownFields = ["anyPath", "command", "kind", "path", "server", "tool"];

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

function commandTest(value: unknown): Test {
  const prefix = typeof value === "string" ? splitCommand(value) : readNames("command", value);
  if (prefix === null)
    throw invalid("match.command", "`command` must be the first words of one plain command, without shell syntax.");
  return (request) => {
    if (request.kind !== "command" || request.action !== "command" || request.network !== null) return false;
    if (!runsInThreadDirectory(request)) return false;
    const words = splitCommand(request.command);
    return words !== null && prefix.every((word, at) => words[at] === word);
  };
}

/** In another directory the same words may run a program of the model: `./check`, or the `fsmonitor` of a `.git/config`. */
function runsInThreadDirectory({ workingDirectory, threadDirectory }: CommandApprovalRequest): boolean {
  if (workingDirectory === null || threadDirectory === null) return false;
  return resolve(workingDirectory) === resolve(threadDirectory);
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
