import { chmod, readdir, stat, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { type Codex, CodexError, type ThreadEvent, type Turn } from "../../../src/index.js";
import { message, repeat, respond } from "../../../src/testing/index.js";
import { openRealCodex, type RealCodex, transports } from "../real-codex.js";

const unsaved = { code: "THREAD_NOT_SAVED", message: expect.stringContaining("Failed to save") as string };

describe.skipIf(process.platform === "win32").each(transports)("a turn that codex cannot save, on %s", (transport) => {
  it("[L5] is reported, and its thread is not continued without it, unless it is resumed by its id", async () => {
    await using real = await openRealCodex(transport, [repeat(respond(message("fine")))]);
    const first = real.codex.startThread(real.thread);
    await first.run("one");
    const saved = copyOf(first.toJSON());
    await real.codex.close();
    const limited = await openFullDisk(real, first.id ?? "");
    const thread = limited.resumeThread(saved, real.thread);
    const { result, events } = await play(thread.runStreamed("two"));
    expect(result).toMatchObject({ status: "completed", finalResponse: "fine", warnings: [unsaved] });
    const kinds = events.map(({ type }) => type);
    expect(kinds.filter((type) => type === "codexkit.thread.unsaved" || type === "turn.completed")).toEqual([
      "codexkit.thread.unsaved",
      "turn.completed",
    ]);
    const state = copyOf(thread.toJSON());
    expect([saved.unsaved, state.unsaved?.turnId]).toEqual([undefined, result.turnId]);
    await limited.close();

    const later = real.client();
    const resumed = later.resumeThread(state, real.thread);
    const lost = { code: "THREAD_NOT_SAVED", threadId: thread.id, turnId: result.turnId };
    for (const prompt of ["three", "four"]) await expect(resumed.run(prompt)).rejects.toMatchObject(lost);
    const { warnings } = await later.resumeThread(thread.id ?? "", real.thread).run("five");
    const sent = JSON.stringify(real.model.requests.at(-1)?.body["input"]);
    expect([warnings, ["one", "two", "three", "five"].filter((prompt) => sent.includes(`"${prompt}"`))]).toEqual([
      [],
      ["one", "five"],
    ]);
  });

  it("[L5] is lost with its codex: the same handle rejects, also if nothing of the thread was saved", async () => {
    await using real = await openRealCodex(transport, [repeat(respond(message("fine")))]);
    await real.codex.startThread(real.thread).run("one");
    await real.codex.close();
    const thread = (await openFullDisk(real)).startThread(real.thread);
    expect((await thread.run(`two ${"z".repeat(100_000)}`)).warnings).toEqual([unsaved]);
    if (transport === "app-server") expect((await thread.run("three")).warnings).toEqual([unsaved]);
    if (transport === "app-server") process.kill(real.pids.at(-1) ?? 0, "SIGKILL");
    await expect
      .poll(
        () =>
          thread
            .run("four")
            .then(String, (error: unknown) => (CodexError.isInstance(error) ? error.code : String(error))),
        { timeout: 20_000 },
      )
      .toBe("THREAD_NOT_SAVED");
    const later = real.client().resumeThread(copyOf(thread.toJSON()), real.thread);
    await expect(later.run("five")).rejects.toMatchObject({ code: "THREAD_NOT_SAVED", threadId: thread.id });
  });
});

/** Returns a client whose codex cannot make files larger than the history of the thread, or than 64 KiB, as on a full disk. */
async function openFullDisk(real: RealCodex, threadId?: string): Promise<Codex> {
  const client = real.client();
  const { binaryPath } = await client.ready();
  await client.close();
  const files = await readdir(join(real.home, "sessions"), { recursive: true });
  const name = files.find((file) => file.endsWith(`${threadId ?? ""}.jsonl`)) ?? "";
  const bytes = threadId === undefined ? 65_536 : (await stat(join(real.home, "sessions", name))).size;
  const path = join(real.home, "codex-on-a-full-disk");
  await writeFile(
    path,
    `#!/bin/sh\ntrap '' XFSZ\nulimit -f ${Math.ceil(bytes / 512)}\nexec "${binaryPath ?? ""}" "$@"\n`,
  );
  await chmod(path, 0o755);
  return real.client({ codexPathOverride: path });
}

async function play(turn: Turn<unknown>) {
  const events: ThreadEvent[] = [];
  for await (const event of turn) events.push(event);
  return { events, result: await turn.result() };
}

function copyOf<T>(value: T): T {
  return JSON.parse(JSON.stringify(value)) as T;
}
