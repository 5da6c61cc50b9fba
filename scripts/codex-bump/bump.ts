import { appendFile, readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { Command, CommanderError } from "commander";
import { findBinary } from "../conformance/binary.js";
import { root } from "../house/read-files.js";

/** One command of a bump. */
export interface BumpStep {
  readonly title: string;
  readonly command: readonly [program: string, ...args: string[]];
  /** Its output is part of the report even if it succeeds. */
  readonly reported?: boolean;
}

/** Runs a command in the repository's root. `output` is its stdout and stderr. */
export type RunStep = (step: BumpStep) => Promise<{ readonly code: number; readonly output: string }>;

export interface BumpOutput {
  readonly out: (text: string) => void;
  readonly run: RunStep;
}

interface Options {
  readonly report?: string;
  readonly dryRun: boolean;
}

/**
 * Moves the pin to a version of codex. A step that fails is reported, and the others run. Returns 0, 1 if a step failed
 * or the drift matters, 2 for wrong usage, 3 without the binary.
 */
export async function bump(args: readonly string[], output: BumpOutput): Promise<number> {
  let exitCode = 0;
  const program = new Command("npm run codex:bump --")
    .description("Moves the pin to a version of codex, and prints the differences.")
    .exitOverride()
    .configureOutput({ writeOut: output.out, writeErr: output.out })
    .argument("[version]", "the version of @openai/codex", "latest")
    .option("--report <file>", "write the report to this file as Markdown")
    .option("--dry-run", "print the steps and run none", false)
    .action(async (version: string, options: Options) => {
      exitCode = await move(version, options, output);
    });
  try {
    await program.parseAsync(args, { from: "user" });
    return exitCode;
  } catch (error) {
    if (error instanceof CommanderError) return error.exitCode === 0 ? 0 : 2;
    output.out(`${error instanceof Error ? error.message : String(error)}\n`);
    return 3;
  }
}

async function move(wanted: string, { report, dryRun }: Options, { out, run }: BumpOutput): Promise<number> {
  const { version } = await findBinary(wanted);
  const from = await pinnedVersion();
  const steps = bumpSteps(from, version);
  if (dryRun) {
    for (const { title, command } of steps) out(`${title}: ${command.join(" ")}\n`);
    return 0;
  }
  if (report !== undefined) await writeFile(report, `# codex ${from} to ${version}\n`);
  let failed = 0;
  for (const step of steps) {
    const { code, output } = await run(step);
    if (code !== 0) failed += 1;
    out(`${code === 0 ? "ok    " : "failed"} ${step.title}\n`);
    if (code !== 0 || step.reported === true) out(output);
    if (report !== undefined) await appendFile(report, sectionOf(step, code, output));
  }
  return failed === 0 ? 0 : 1;
}

/** The steps in their order. The last ones only compare and test. */
export function bumpSteps(from: string, to: string): BumpStep[] {
  const npm = (script: string, ...args: string[]): BumpStep["command"] => [
    "npm",
    "run",
    "--silent",
    script,
    "--",
    ...args,
  ];
  return [
    {
      title: "install",
      command: ["npm", "install", "--save-dev", "--save-exact", "--no-audit", "--no-fund", `@openai/codex@${to}`],
    },
    { title: "generate the types", command: npm("generate") },
    { title: "harvest the fixtures", command: npm("harvest") },
    { title: "conformance", command: npm("conformance", "--codex", to, "--save") },
    { title: "drift", command: npm("drift", "--from", from, "--to", to, "--markdown"), reported: true },
    { title: "types", command: npm("typecheck") },
  ];
}

async function pinnedVersion(): Promise<string> {
  const text = await readFile(join(root, "package.json"), "utf8");
  const { devDependencies } = JSON.parse(text) as { devDependencies: Record<string, string> };
  return devDependencies["@openai/codex"] ?? "";
}

/** The report of a drift is Markdown already. The last lines of other outputs are enough. */
function sectionOf({ title, reported = false }: BumpStep, code: number, output: string): string {
  const head = `\n- **${title}**: ${code === 0 ? "ok" : `failed with ${code}`}\n`;
  if (reported) return `${head}\n${output}\n`;
  return code === 0 ? head : `${head}\n\`\`\`text\n${output.trimEnd().split("\n").slice(-40).join("\n")}\n\`\`\`\n`;
}
