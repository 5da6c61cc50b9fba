import { describe, expect, it } from "vitest";
import { fail, message, respond } from "../../../src/testing/index.js";
import { openRunStand } from "../cli/cli-run-stand.js";
import { transports } from "../real-codex.js";
import { createCanaries } from "./canaries.js";

describe.each(transports)("codexkit run --transport %s", (transport) => {
  it.each([[], ["--json"]])(
    "[K] prints no secret of its environment that the service repeats: %s",
    async (...flags) => {
      const { of, look, found } = createCanaries();
      const env = { MY_PASSWORD: of("variable"), GITHUB_TOKEN: of("token"), DEBUG: "codexkit" };
      const text = `refused ${of("variable")} and ${of("token")}, Authorization: Bearer ${of("bearer")}`;
      await using stand = await openRunStand([fail(400, { error: { message: text } })]);
      const args = ["Work", "--skip-git-repo-check", "--transport", transport, ...flags];
      const { exitCode, stdout, stderr } = await stand.run(args, { env });
      look("stdout", stdout);
      look("stderr", stderr);
      expect(found()).toEqual([]);
      expect(exitCode).not.toBe(0);
      expect(stdout + stderr).toContain("refused [redacted] and [redacted]");
    },
  );

  it("[K] escapes characters that show a line in another order, in progress and errors", async () => {
    await using stand = await openRunStand([
      respond(message("user\u202etxt.exe", { phase: "commentary" }), message("done")),
      fail(400, { error: { message: "a\u2066b\u001b[2Jc" } }),
    ]);
    const args = ["Work", "--skip-git-repo-check", "--transport", transport];
    const first = await stand.run(args);
    expect(first.stderr).toContain(String.raw`user\u202etxt.exe`);
    const second = await stand.run(args);
    expect(second.stderr).toContain(String.raw`a\u2066b`);
    for (const { stderr } of [first, second]) expect(stderr).not.toMatch(/[\u202a-\u202e\u2066-\u2069]/);
    expect(second.stderr).not.toContain("\u001b");
  });
});
