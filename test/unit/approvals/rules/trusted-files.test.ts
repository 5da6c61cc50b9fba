import { execFileSync } from "node:child_process";
import { mkdirSync, mkdtempSync, renameSync, rmSync, symlinkSync, truncateSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { all, allow, type ApprovalRule, deny, first } from "../../../../src/approvals/rules/approval-rule.js";
import { match } from "../../../../src/approvals/rules/match.js";
import { OptionError } from "../../../../src/errors/option-error.js";
import { InterruptionRegistry } from "../../../../src/approvals/interruptions.js";
import { ThreadHandlers } from "../../../../src/thread/thread-handlers.js";
import { shell } from "../sample-requests.js";

const makePipe = "mkfifo";

let tree = "";
beforeEach(() => {
  tree = mkdtempSync(join(tmpdir(), "codexkit-trusted-"));
  writeFileSync(join(tree, "package.json"), "{}");
});
afterEach(() => rmSync(tree, { recursive: true, force: true }));

const npmTest = match({ command: "npm test", trustedFiles: ["package.json"] }, allow());
const request = (directory: string) => shell("npm test", { workingDirectory: directory, threadDirectory: directory });
const verdict = (rule: ApprovalRule, directory = tree): string => rule.decide(request(directory)).kind;
const started = (rule: ApprovalRule): ApprovalRule => rule.forThread?.(tree) ?? rule;

describe("trusted files", () => {
  test("[T3] let the pattern match until a file changes, and again if its content is restored", () => {
    const rule = started(npmTest);
    expect(verdict(rule)).toBe("allow");
    writeFileSync(join(tree, "package.json"), "[]");
    expect(verdict(rule)).toBe("none");
    writeFileSync(join(tree, "package.json"), "{}");
    expect(verdict(rule)).toBe("allow");
    rmSync(join(tree, "package.json"));
    expect(verdict(rule)).toBe("none");
  });

  test("[T3] have no match in another directory, for another command, or without a thread", () => {
    const rule = started(npmTest);
    expect(verdict(rule, "/work")).toBe("none");
    expect(rule.decide(shell("npm test x", { workingDirectory: tree, threadDirectory: tree })).kind).toBe("none");
    expect(verdict(npmTest)).toBe("none");
  });

  test("[T3] are the same through `first`, `all` and nested `match`", () => {
    for (const rule of [
      first(match({ kind: "tool" }, deny()), npmTest),
      all(npmTest, match({ kind: "tool" }, deny())),
      match({ kind: "command" }, first(npmTest)),
      match({ command: "npm test", trustedFiles: ["package.json"] }, npmTest),
    ]) {
      const bound = started(rule);
      expect(verdict(bound)).toBe("allow");
      writeFileSync(join(tree, "package.json"), "[]");
      expect(verdict(bound)).toBe("none");
      writeFileSync(join(tree, "package.json"), "{}");
    }
  });

  test("[T3] do not match if the file moved behind a link, even with the same content", () => {
    const rule = started(npmTest);
    mkdirSync(join(tree, "other"));
    renameSync(join(tree, "package.json"), join(tree, "other/package.json"));
    symlinkSync("other/package.json", join(tree, "package.json"));
    expect(verdict(rule)).toBe("none");
  });

  test("[T3] are refused when the thread is created if a file is missing, no file, a pipe or too large", () => {
    mkdirSync(join(tree, "folder"));
    execFileSync(makePipe, [join(tree, "pipe")]);
    writeFileSync(join(tree, "large"), "");
    truncateSync(join(tree, "large"), 17 * 1024 * 1024);
    for (const name of ["missing", "folder", "pipe", "large"]) {
      const rule = match({ commandPrefix: "npm", trustedFiles: ["package.json", name] }, allow());
      expect(() => started(rule), name).toThrow(OptionError);
      expect(() => started(rule), name).toThrow(JSON.stringify(name));
    }
  });

  test("[T3] take their digests again only if the rules or the directory are updated", async () => {
    const handlers = new ThreadHandlers({ logger: null }, { onApproval: npmTest });
    handlers.bind(tree);
    const decide = async (): Promise<string> => {
      const signal = new AbortController().signal;
      return (await handlers.approver.decide(request(tree), { signal, emit: () => {} })).decision.decision;
    };
    expect(await decide()).toBe("accept");
    writeFileSync(join(tree, "package.json"), "[]");
    handlers.toUpdate({ approvalTimeoutMs: 1000 }, tree)();
    expect(await decide()).toBe("decline");
    handlers.toUpdate({ onApproval: npmTest }, tree)();
    expect(await decide()).toBe("accept");
    rmSync(join(tree, "package.json"));
    expect(() => handlers.toUpdate({ onApproval: npmTest }, tree)).toThrow(OptionError);
    expect(handlers.interruptions).toBeInstanceOf(InterruptionRegistry);
  });
});
