import { mkdir, rm, symlink, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, inject, test } from "vitest";
import { scratchFolder } from "../../scripts/house/scratch-folder.js";
import { root } from "../../scripts/house/read-files.js";
import { createCleanProject, type CleanProject } from "./clean-project.js";

const scratch = scratchFolder("package-real-codex", "home");

/** The same program for both module systems: a turn on each transport, with a model that is played. */
const program = `
async function main({ Codex }, { createScriptedModel, message, respond }) {
  const model = await createScriptedModel([respond(message("one")), respond(message("two"))]);
  const answers = [];
  for (const transport of ["app-server", "exec"]) {
    const codex = new Codex({ ...model.codexOptions({ codexHome: process.env.CODEX_HOME }), transport });
    const thread = codex.startThread({ skipGitRepoCheck: true });
    answers.push((await thread.run("Say it")).finalResponse);
    await codex.close();
  }
  await model.close();
  console.log(JSON.stringify(answers));
}
`;
const forms = {
  "main.mjs": `import * as codexkit from "codexkit";
    import * as testing from "codexkit/testing";
    await main(codexkit, testing);`,
  "main.cjs": `main(require("codexkit"), require("codexkit/testing"));`,
};

let project: CleanProject;
beforeAll(async () => {
  project = await createCleanProject("real-codex");
  // The real binary has 200 MB, and is not copied.
  await symlink(join(root, "node_modules/@openai"), join(project.folder, "node_modules/@openai"));
  await rm(scratch, { recursive: true, force: true });
  await mkdir(scratch, { recursive: true });
});
afterAll(() => project.remove());

describe.skipIf(inject("codexMissing") !== null)("the package that npm installed", () => {
  test.each(Object.entries(forms))(
    "[A1.17] runs turns of the real codex on both transports, in %s",
    async (name, end) => {
      await writeFile(join(project.folder, name), program + end);
      expect(await project.run(name, { CODEX_HOME: join(scratch, name) })).toBe('["one","two"]\n');
    },
  );
});
