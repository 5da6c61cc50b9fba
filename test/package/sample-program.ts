/**
 * A user's program as an ES module: it finds codex, runs a turn with an image on one transport (a package that is
 * imported on first use determines the image's type), and shakes hands on the other. It prints its findings as JSON.
 */
export const sampleProgram = `
import { Codex, resolveCodex } from "codexkit";

async function main() {
  const { path, source } = resolveCodex();
  const codex = new Codex({ transport: "exec" });
  const input = [{ type: "text", text: "Who are you?" }, { type: "local_image", path: process.env.IMAGE }];
  const { finalResponse } = await codex.startThread({ skipGitRepoCheck: true }).run(input);
  await codex.close();
  const other = new Codex();
  const { binaryPath, version } = await other.ready();
  await other.close();
  console.log(JSON.stringify({ path, source, finalResponse, binaryPath, version }));
}

main().catch((error) => {
  console.error(error);
  process.exitCode = 1;
});
`;
