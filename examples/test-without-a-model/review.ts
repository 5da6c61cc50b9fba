// The agent to be tested. It takes its codex from outside, so that a test can give it one that is replayed.
import type { Codex } from "codexkit";
import { z } from "zod";

export const Review = z.object({
  summary: z.string(),
  findings: z.array(z.object({ file: z.string(), line: z.number().int(), message: z.string() })),
});
export type Review = z.infer<typeof Review>;

/** Reviews a folder in two turns: what the code does, then what is wrong with it. */
export async function review(codex: Codex, folder: string): Promise<Review> {
  const thread = codex.startThread({ workingDirectory: folder, sandboxMode: "read-only", skipGitRepoCheck: true });
  await thread.run("Read the code in this folder.");
  const { output } = await thread.run("Report its bugs, no matters of taste.", { outputSchema: Review });
  return output;
}
