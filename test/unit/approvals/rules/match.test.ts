import { describe, expect, test } from "vitest";
import type { ApprovalRequest, CommandApprovalRequest } from "../../../../src/protocol/events/approval-request.js";
import { allow, ask, deny } from "../../../../src/approvals/rules/approval-rule.js";
import { type ApprovalPattern, match } from "../../../../src/approvals/rules/match.js";
import { OptionError } from "../../../../src/errors/option-error.js";
import { command, elicitation, files, hostTool, mcpTool, samples, shell } from "../sample-requests.js";

const fits = (pattern: ApprovalPattern, request: ApprovalRequest): boolean =>
  match(pattern, deny()).decide(request).kind === "deny";

describe("a pattern", () => {
  test("[T3] of a command compares all words, and one of a prefix the first words", () => {
    for (const words of [
      "git status",
      ["git", "status"],
      [
        ["git", "log"],
        ["git", "status"],
      ],
    ]) {
      const pattern = { command: words };
      expect(fits(pattern, shell("git status"))).toBe(true);
      expect(fits(pattern, shell("git status --short"))).toBe(false);
      expect(fits({ commandPrefix: words }, shell("git status --short"))).toBe(true);
      expect(fits({ commandPrefix: words }, shell("git diff"))).toBe(false);
      expect(fits(pattern, shell("git stat"))).toBe(false);
      expect(fits(pattern, shell("git statusx"))).toBe(false);
      expect(fits(pattern, shell("git"))).toBe(false);
      expect(fits(pattern, shell("git 'status; rm -rf /'"))).toBe(false);
      expect(fits(pattern, shell("git status; rm -rf /"))).toBe(false);
      expect(fits(pattern, shell("./git status"))).toBe(false);
      expect(fits(pattern, shell("/tmp/git status"))).toBe(false);
    }
  });

  test("[A1] of a command accepts alternatives as lists of words", () => {
    const pattern = {
      command: [
        ["git", "diff"],
        ["git", "log", "-1"],
      ],
    };
    expect(fits(pattern, shell("git diff"))).toBe(true);
    expect(fits(pattern, shell("git log -1"))).toBe(true);
    expect(fits(pattern, shell("git log"))).toBe(false);
    expect(fits(pattern, shell("git diff git log -1"))).toBe(false);
  });

  test("[A1] of a command with whole commands as words is refused with the list of alternatives", () => {
    const make = (command: readonly string[]) => (): unknown => match({ command }, allow());
    expect(make(["git diff", "git log"])).toThrow('write `[["git","diff"],["git","log"]]`');
    expect(make(["git status"])).toThrow('write `["git","status"]`');
    expect(make(["ls", "git log"])).toThrow(
      'write `[["ls","git log"]]` for one command, or `[["ls"],["git","log"]]` for alternatives',
    );
    expect(make(["git", "commit", "-m", "two words"])).toThrow(OptionError);
    const commit = { command: [["git", "commit", "-m", "two words"]] };
    expect(fits(commit, shell("git commit -m 'two words'"))).toBe(true);
    expect(fits(commit, shell("git commit -m two words"))).toBe(false);
    expect(() => match({ commandPrefix: [["git diff"], ["git", "log"]] }, allow())).toThrow(OptionError);
  });

  test("[A2.5] of a command does not match network access, input for a terminal or a command of the user", () => {
    expect(
      fits({ commandPrefix: "curl" }, shell("curl x", { network: { host: "evil.example", protocol: "https" } })),
    ).toBe(false);
    expect(fits({ command: "git x" }, shell("git x", { action: "writeStdin" }))).toBe(false);
    expect(fits({ command: "git x" }, shell("git x", { action: "humanCommand" }))).toBe(false);
    expect(fits({ command: "git" }, command(""))).toBe(false);
  });

  test("[A2.5] of a command matches only in the thread's directory, because the model may have written programs elsewhere", () => {
    for (const pattern of [{ command: "./check.sh" }, { command: "git status" }]) {
      const there = (more: Partial<CommandApprovalRequest>): boolean => fits(pattern, shell(pattern.command, more));
      expect(there({})).toBe(true);
      expect(there({ workingDirectory: "/work/" })).toBe(true);
      expect(there({ workingDirectory: "/work/sub" })).toBe(false);
      expect(there({ workingDirectory: "/" })).toBe(false);
      expect(there({ workingDirectory: null })).toBe(false);
      expect(there({ threadDirectory: null })).toBe(false);
      expect(there({ workingDirectory: null, threadDirectory: null })).toBe(false);
    }
  });

  test("[A2.5] of a path must match every file of the patch, at its final path", () => {
    const path = { path: "src/**" };
    expect(fits(path, files(["/work/src/a.ts", "/work/src/b/c.ts"]))).toBe(true);
    expect(fits(path, files(["src/a.ts"]))).toBe(true);
    expect(fits(path, files(["/work/src/a.ts", "/work/b.ts"]))).toBe(false);
    expect(fits(path, files(["/work/src/../b.ts"]))).toBe(false);
    expect(fits(path, files(["/work/src/../../etc/passwd"]))).toBe(false);
    expect(fits(path, files(["/work/other/../src/a.ts"]))).toBe(false);
    expect(fits(path, files(["/elsewhere/src/a.ts"]))).toBe(false);
    expect(fits(path, files([]))).toBe(false);
    expect(fits(path, files([""]))).toBe(false);
    expect(fits(path, files(["/work/src/a.ts"], { workingDirectory: null }))).toBe(false);
    expect(fits(path, files(["/work/src/a.ts"], { grantRoot: "/" }))).toBe(false);
    const moved = { path: "/work/src/a.ts", kind: { type: "update" as const, move_path: "/etc/cron.d/a" }, diff: "" };
    expect(fits(path, files([], { changes: [moved] }))).toBe(false);
    expect(fits({ path: ["src/**", "/etc/cron.d/*"] }, files([], { changes: [moved] }))).toBe(true);
    expect(fits({ path: "/work/**" }, files(["/work/a.ts"], { workingDirectory: null }))).toBe(true);
    expect(fits({ path: "/work/**" }, files(["/work/../a.ts"], { workingDirectory: null }))).toBe(false);
  });

  test("[A2.5] of a path matches a dot file only if it names the dot; one of any path always does", () => {
    expect(fits({ path: "**" }, files(["/work/.git/hooks/pre-commit"]))).toBe(false);
    expect(fits({ path: ".github/**" }, files(["/work/.github/ci.yml"]))).toBe(true);
    expect(fits({ anyPath: "**/*.yml" }, files(["/work/.github/ci.yml"]))).toBe(true);
    expect(fits({ anyPath: "**/.ENV*" }, files(["/work/a.ts", "/work/pkg/.env.local"]))).toBe(true);
  });

  test("[A2.5] of any path matches if one file matches or cannot be resolved", () => {
    expect(fits({ anyPath: "src/**" }, files(["/work/a.ts", "/work/src/b.ts"]))).toBe(true);
    expect(fits({ anyPath: "src/**" }, files(["/work/a.ts"]))).toBe(false);
    expect(fits({ anyPath: "src/**" }, files([]))).toBe(true);
    expect(fits({ anyPath: "src/**" }, files(["a.ts"], { workingDirectory: null }))).toBe(true);
    expect(fits({ anyPath: "/etc/**" }, files(["/work/../etc/passwd"]))).toBe(true);
  });

  test("[A2.5] of a path does not match a path with invisible characters; one of any path always does", () => {
    for (const sign of ["\n", "\r", "\u2028", "\u2029", "\0", "\u200b", "\u202e", "\u0085"]) {
      for (const path of [`/work/src/a${sign}b/.env`, `/work/src/${sign}.env`, `/work/src/a${sign}.ts`]) {
        expect(fits({ anyPath: "**/.env*" }, files([path])), JSON.stringify(path)).toBe(true);
        expect(fits({ path: ["src/**", "src/**/.env"] }, files([path])), JSON.stringify(path)).toBe(false);
      }
    }
    expect(fits({ anyPath: "**/.env*" }, files(["/work/src/\u00e9 b.ts"]))).toBe(false);
  });

  test("[A2.5] of a server does not match a host tool of the same name, nor the reverse", () => {
    expect(fits({ server: "tracker" }, mcpTool)).toBe(true);
    expect(fits({ server: "tracker", tool: ["read", "search"] }, mcpTool)).toBe(true);
    expect(fits({ server: "tracker", tool: "write" }, mcpTool)).toBe(false);
    expect(fits({ server: "s" }, elicitation())).toBe(true);
    expect(fits({ server: "s", tool: "x" }, elicitation())).toBe(false);
    expect(fits({ tool: "search" }, mcpTool)).toBe(false);
    expect(fits({ tool: "search" }, hostTool("search"))).toBe(true);
    expect(fits({ tool: "search" }, hostTool("search", { namespace: "crm" }))).toBe(false);
    expect(fits({ tool: "crm.search" }, hostTool("search", { namespace: "crm" }))).toBe(true);
  });

  test("[A2.5] of a kind matches only that kind", () => {
    for (const request of Object.values(samples)) {
      expect(fits({ kind: "command" }, request)).toBe(request.kind === "command");
      expect(fits({ kind: ["tool", "mcpTool"] }, request)).toBe(["tool", "mcpTool"].includes(request.kind));
    }
  });

  test.each([
    null,
    "git status",
    {},
    { kind: "commands" },
    { kind: [] },
    { command: "" },
    { command: [] },
    { command: "git status; ls" },
    { command: "A=1 git" },
    { command: ["git", 1] },
    { command: [["git"], "ls"] },
    { command: [[]] },
    { command: ["A=1", "git"] },
    { command: ["-git"] },
    { command: ["git", "a\nb"] },
    { commandPrefix: "" },
    { commandPrefix: "git status | cat" },
    { command: "git", commandPrefix: "git" },
    { command: "git", trustedFiles: [] },
    { command: "git", trustedFiles: "a" },
    { trustedFiles: ["a"] },
    { path: "src/**", trustedFiles: ["a"] },
    { path: "src/" },
    { path: "src//a" },
    { path: "src/./a" },
    { path: "~/src/**" },
    { path: "src/\u200b" },
    { path: "+(a|b)/**" },
    { path: "src/{a}/**" },
    { path: "src/{a,b/**" },
    { path: "src/a}/**" },
    { path: "src/[ab/**" },
    { anyPath: "src/[b-a]" },
    { anyPath: "src/a\\" },
    { anyPath: "{a,b}".repeat(9) },
    { anyPath: "a".repeat(5000) },
    { path: "" },
    { path: [] },
    { path: "!src/**" },
    { path: "../**" },
    { anyPath: 7 },
    { server: "" },
    { tool: "" },
    { comand: "git" },
    { command: "git", path: "src/**" },
  ])("[A2.5] that could never match is refused when it is created: %j", (pattern) => {
    expect((): unknown => Reflect.apply(match, undefined, [pattern, allow()])).toThrow(OptionError);
  });

  test.each([
    [{ comand: "npm test" }, "Unknown field `comand` in the pattern of `match`. Did you mean `command`?"],
    [{ server: "tracker", tools: "read" }, "Unknown field `tools` in the pattern of `match`. Did you mean `tool`?"],
    [
      { zzzzzz: 1 },
      "Unknown field `zzzzzz` in the pattern of `match`. Known are: anyPath, command, commandPrefix, kind, path, server, tool, trustedFiles.",
    ],
  ])("[A2.5] with an unknown field is refused with the nearest name: %j", (pattern, text) => {
    const make = (): unknown => Reflect.apply(match, undefined, [pattern, allow()]);
    expect(make).toThrow(expect.objectContaining({ code: "UNKNOWN_OPTION", option: "match" }));
    expect(make).toThrow(text);
  });

  test("[A2.5] needs a rule", () => {
    expect((): unknown => Reflect.apply(match, undefined, [{ kind: "command" }, () => ({})])).toThrow(OptionError);
    expect((): unknown => Reflect.apply(ask, undefined, ["x"])).toThrow(OptionError);
  });
});

describe("allow", () => {
  test("[A2.5] returns `none` if accepting needs content, or if the request does not show its subject", () => {
    expect(allow().decide(elicitation()).kind).toBe("none");
    expect(allow().decide(elicitation({ mode: "url", schema: null, url: "https://x.example" })).kind).toBe("none");
    expect(allow().decide(elicitation({ schema: { type: "object", properties: {} } })).kind).toBe("allow");
    expect(allow().decide(samples.userInput).kind).toBe("none");
    expect(allow().decide(files([])).kind).toBe("none");
  });
});
