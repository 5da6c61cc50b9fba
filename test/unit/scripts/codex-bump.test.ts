import { readdir, readFile } from "node:fs/promises";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { bump, bumpSteps, type RunStep } from "../../../scripts/codex-bump/bump.js";
import { root } from "../../../scripts/house/read-files.js";
import { createWorkFolder } from "../cli/work-folder.js";

const scriptsOf = async (): Promise<Record<string, string>> => {
  const manifest = JSON.parse(await readFile(join(root, "package.json"), "utf8")) as {
    scripts: Record<string, string>;
  };
  return manifest.scripts;
};

describe("npm run codex:bump", () => {
  it("[A7.1] runs every step although one fails, and reports its output and the drift", async () => {
    const report = join(createWorkFolder(), "report.md");
    const ran: string[] = [];
    const printed: string[] = [];
    const run: RunStep = ({ title }) => {
      ran.push(title);
      return Promise.resolve({ code: title === "generate the types" ? 1 : 0, output: `output of ${title}` });
    };
    const code = await bump([process.execPath, "--report", report], { out: (text) => printed.push(text), run });
    expect(code).toBe(1);
    expect(ran).toEqual(bumpSteps("1", "2").map(({ title }) => title));
    expect(printed.join("")).toContain("failed generate the types\noutput of generate the types");
    const text = await readFile(report, "utf8");
    expect(text).toContain("output of drift");
    expect(text).toContain("output of generate the types");
    expect(text).not.toContain("output of install");
  });

  it("[A7.1] runs scripts that exist", async () => {
    const scripts = await scriptsOf();
    const named = bumpSteps("1", "2").flatMap(({ command }) => (command[1] === "run" ? [command[3] ?? ""] : []));
    expect(named.length).toBeGreaterThan(3);
    expect(named.filter((name) => !(name in scripts))).toEqual([]);
  });
});

describe("the workflows of the repository", () => {
  it("[A7.1] name actions by their commit, and scripts that exist", async () => {
    const folder = join(root, ".github/workflows");
    const scripts = await scriptsOf();
    for (const name of await readdir(folder)) {
      const text = await readFile(join(folder, name), "utf8");
      const actions = [...text.matchAll(/uses: (\S+)(.*)/g)].map(([, action = "", comment = ""]) => action + comment);
      expect(actions.filter((action) => !/^[\w/-]+@[0-9a-f]{40} # v\d+\.\d+\.\d+$/.test(action))).toEqual([]);
      const named = [...text.matchAll(/npm run (\S+)/g)].map(([, script = ""]) => script);
      expect(named.filter((script) => !(script in scripts))).toEqual([]);
      expect(text).not.toContain("\t");
    }
  });
});
