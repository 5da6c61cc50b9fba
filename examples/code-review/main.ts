// Reviews the last commit and gives the findings as typed data. Nothing is changed: the sandbox is read-only.
//   npx tsx examples/code-review/main.ts [folder]
import { Codex } from "codexkit";
import { z } from "zod";

const Review = z.object({
  summary: z.string(),
  findings: z.array(
    z.object({
      file: z.string(),
      line: z.number().int().nullable(),
      severity: z.enum(["blocker", "warning", "note"]),
      message: z.string(),
    }),
  ),
});

await using codex = new Codex();
const { output } = await codex
  .startThread({ workingDirectory: process.argv[2] ?? ".", sandboxMode: "read-only" })
  .run("Review the last commit (`git show HEAD`). Report bugs only, no matters of taste.", { outputSchema: Review });

console.log(output.summary);
for (const { file, line, severity, message } of output.findings) {
  console.log(`${severity.padEnd(8)} ${file}:${line ?? "?"} ${message}`);
}
// A blocker makes a build red. In CI give it a name of its own, so that a crash is not taken for a finding.
if (output.findings.some(({ severity }) => severity === "blocker")) process.exitCode = 2;
