import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { expect, test } from "vitest";
import { root } from "../../../scripts/house/read-files.js";

const page = await readFile(join(root, "docs/guide/containers-and-ci.md"), "utf8");

function blockOf(language: string): string {
  const [, text] = new RegExp(`^\`\`\`${language}\\n([^]*?)^\`\`\`$`, "m").exec(page) ?? [];
  if (text === undefined) throw new Error(`The page has no block of ${language}.`);
  return text;
}

test("[A7.2] the Dockerfile of the page has known instructions, a user that is not root, and a CODEX_HOME that exists", () => {
  const lines = blockOf("dockerfile")
    .replaceAll(/\\\n\s*/g, " ")
    .trim()
    .split("\n");
  const known = /^(?:FROM|RUN|WORKDIR|COPY|ENV|VOLUME|USER|CMD) \S/;
  expect(lines.filter((line) => !known.test(line))).toEqual([]);
  const home = /^ENV CODEX_HOME=(\S+)$/m.exec(lines.join("\n"))?.[1] ?? "";
  const made = lines.findIndex(
    (line) => line.startsWith(`RUN mkdir -p ${home} `) && line.includes("chown -R node:node"),
  );
  expect(made).toBeGreaterThan(-1);
  expect(lines.indexOf("USER node")).toBeGreaterThan(made);
  expect(lines.at(-1)).toBe('CMD ["node", "main.js"]');
});

test("[A7.2] the workflow of the page indents by steps of two, and its commands exist", async () => {
  const lines = blockOf("yaml").trimEnd().split("\n");
  for (const [at, line] of lines.entries()) {
    const indent = line.search(/\S/);
    expect(line, line).toMatch(/^ *(?:- )?[\w-]+:(?: \S.*)?$/);
    expect(indent % 2, line).toBe(0);
    const before = lines[at - 1];
    if (before !== undefined) expect(indent, line).toBeLessThanOrEqual(before.search(/[^ -]/) + 2);
  }
  const commands = lines.flatMap((line) => /^ +- run: (.+)$/.exec(line)?.[1] ?? []);
  expect(commands).toEqual(["npm ci", 'mkdir -p "$CODEX_HOME"', "npx codexkit doctor", "node agent.js"]);
  const doctor = await readFile(join(root, "src/cli/doctor/doctor-command.ts"), "utf8");
  expect(doctor).toContain('"doctor"');
});
