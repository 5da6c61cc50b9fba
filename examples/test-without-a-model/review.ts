// The agent under test. The client is a parameter, so that a test can pass a replayed one.
import type { Codex } from "codexkit";
import { z } from "zod";

export const Review = z.object({
  summary: z.string(),
  findings: z.array(z.object({ file: z.string(), line: z.number().int(), message: z.string() })),
});
export type Review = z.infer<typeof Review>;

/** Reviews a folder in two turns: a description of the code, then a list of defects. */
export async function review(codex: Codex, folder: string): Promise<Review> {
  const thread = codex.startThread({ workingDirectory: folder, sandboxMode: "read-only", skipGitRepoCheck: true });
  await thread.run("Read the code in this folder.");
  const { output } = await thread.run("Report its bugs, no matters of taste.", { outputSchema: Review });
  return output;
}
