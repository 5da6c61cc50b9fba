// Reviews the last commit and returns the findings as typed data. The sandbox is read-only.
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
// A blocker fails the build. In CI use a different exit code for it, to distinguish it from a crash.
if (output.findings.some(({ severity }) => severity === "blocker")) process.exitCode = 2;
