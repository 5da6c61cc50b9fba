import { resolve } from "node:path";
import { OptionError } from "../../errors/option-error.js";
import type { ApprovalKind, ApprovalRequest, CommandApprovalRequest } from "../approval-request.js";
import { type ApprovalRule, checkRules, readVerdict, rule } from "./approval-rule.js";
import { anyPath, everyPath } from "./path-patterns.js";
import { splitCommand } from "./split-command.js";

/** What `match` looks for: one of these. */
export type ApprovalPattern =
  | {
      /** The kind of the request, or several. */
      readonly kind: ApprovalKind | readonly ApprovalKind[];
    }
  | {
      /**
       * The first words of a plain command: `"git status"`, or `["git", "status"]`. They are compared word by word with
       * what runs, after the shell around it is taken off. A line that is more than one plain command never fits, nor does
       * one that runs elsewhere than in the thread's working directory. For saying yes: a no is easily got round.
       */
      readonly command: string | readonly string[];
    }
  | {
      /** Globs; every file that a patch touches must fit one. For saying yes: dot files must be named. */
      readonly path: string | readonly string[];
    }
  | {
      /** Globs; one file that a patch touches is enough, of whatever case. For saying no. */
      readonly anyPath: string | readonly string[];
    }
  | {
      /** The MCP server that wants a tool run or asks something; with `tool`, only a run of that tool, or of one of these. */
      readonly server: string;
      readonly tool?: string | readonly string[] | undefined;
    }
  | {
      /** The host tool: its name, or `namespace.name`, or several. Tools of MCP servers are named by `server` as well. */
      readonly tool: string | readonly string[];
      readonly server?: undefined;
    };

/**
 * The rule's verdict where the request fits the pattern, and no opinion elsewhere. A relative glob begins at the thread's
 * working directory. Paths are compared as text, without `..`: where a symbolic link leads is not looked at. Throws an
 * `OptionError` (`INVALID_OPTION`) for a pattern that could never fit.
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
  if (typeof pattern !== "object" || pattern === null) throw invalid("match", "A pattern is an object.");
  const entries = Object.entries(pattern).filter(([, value]) => value !== undefined);
  const given = new Map<string, unknown>(entries);
  const names = [...given.keys()].sort().join(" ");
  switch (names) {
    case "kind":
      return kindTest(given.get("kind"));
    case "command":
      return commandTest(given.get("command"));
    case "path":
      return onlyFiles(everyPath(given.get("path")));
    case "anyPath":
      return onlyFiles(anyPath(given.get("anyPath")));
    case "tool":
      return toolTest(given.get("tool"));
    case "server":
    case "server tool":
      return serverTest(given.get("server"), given.get("tool"));
    default:
      throw invalid(
        "match",
        "A pattern has `kind`, `command`, `path`, `anyPath`, `tool`, or `server` with or without `tool`.",
      );
  }
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

function kindTest(given: unknown): Test {
  const wanted = new Set(readNames("kind", given));
  for (const kind of wanted)
    if (!Object.hasOwn(kinds, kind)) throw invalid("match.kind", `There is no kind ${JSON.stringify(kind)}.`);
  return ({ kind }) => wanted.has(kind);
}

function commandTest(given: unknown): Test {
  const prefix = typeof given === "string" ? splitCommand(given) : readNames("command", given);
  if (prefix === null)
    throw invalid("match.command", "`command` is the first words of one plain command, without a shell's signs.");
  return (request) => {
    if (request.kind !== "command" || request.action !== "command" || request.network !== null) return false;
    if (!runsInThreadDirectory(request)) return false;
    const words = splitCommand(request.command);
    return words !== null && prefix.every((word, at) => words[at] === word);
  };
}

/** Elsewhere the same words may run what the model wrote there: `./check`, or the `fsmonitor` of a `.git/config`. */
function runsInThreadDirectory({ workingDirectory, threadDirectory }: CommandApprovalRequest): boolean {
  if (workingDirectory === null || threadDirectory === null) return false;
  return resolve(workingDirectory) === resolve(threadDirectory);
}

function onlyFiles(test: (request: Extract<ApprovalRequest, { kind: "fileChange" }>) => boolean): Test {
  return (request) => request.kind === "fileChange" && test(request);
}

function toolTest(given: unknown): Test {
  const wanted = new Set(readNames("tool", given));
  return (request) => request.kind === "tool" && wanted.has(qualifiedName(request));
}

function serverTest(server: unknown, tool: unknown): Test {
  if (typeof server !== "string" || server === "") throw invalid("match.server", "`server` is a name.");
  const tools = tool === undefined ? null : new Set(readNames("tool", tool));
  return (request) => {
    if (request.kind === "elicitation") return tools === null && request.server === server;
    return request.kind === "mcpTool" && request.server === server && (tools === null || tools.has(request.tool));
  };
}

/** `name`, or `namespace.name`. */
export function qualifiedName({
  namespace,
  tool,
}: {
  readonly namespace: string | null;
  readonly tool: string;
}): string {
  return namespace === null ? tool : `${namespace}.${tool}`;
}

function readNames(option: string, given: unknown): readonly string[] {
  const names: readonly unknown[] = Array.isArray(given) ? given : [given];
  const texts = names.filter((name): name is string => typeof name === "string" && name !== "");
  if (names.length > 0 && texts.length === names.length) return texts;
  throw invalid(`match.${option}`, `\`${option}\` is a text, or a list of texts, none of them empty.`);
}

function invalid(option: string, message: string): OptionError {
  return new OptionError("INVALID_OPTION", option, message);
}
