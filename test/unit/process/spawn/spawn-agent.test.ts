import { join } from "node:path";
import { chmodSync, writeFileSync } from "node:fs";
import { afterAll, beforeAll, describe, expect, it, onTestFinished, vi } from "vitest";
import { OptionError } from "../../../../src/errors/option-error.js";
import { TransportClosedError } from "../../../../src/errors/transport-closed-error.js";
import { BinaryNotExecutableError, BinaryNotFoundError } from "../../../../src/process/locate/binary-errors.js";
import { ProcessExitedError } from "../../../../src/process/spawn/process-exited-error.js";
import { spawnAgent, spawnPlan } from "../../../../src/process/spawn/spawn-agent.js";
import { readTexts, startAgent } from "../agents.js";
import { createScratchFolder } from "../scratch-folder.js";
import { createFamilyToken } from "../survivors.js";

const crashes: unknown[] = [];
const tripwire = (error: unknown): number => crashes.push(error);
beforeAll(() => void process.on("uncaughtException", tripwire).on("unhandledRejection", tripwire));
afterAll(() => {
  process.off("uncaughtException", tripwire).off("unhandledRejection", tripwire);
  expect(crashes).toEqual([]);
});

describe("spawnPlan", () => {
  it("[A1.18] starts a file with its arguments as they are, with no shell and no window", () => {
    const args = ["exec", "a b", '"%PATH%" & del *', "^"];
    const env = { Path: "C:\\tools" };
    expect(spawnPlan({ command: "C:\\a b\\codex.exe", args, env, cwd: "C:\\work", secrets: ["x"] })).toEqual({
      command: "C:\\a b\\codex.exe",
      args,
      options: { cwd: "C:\\work", env, shell: false, windowsHide: true, stdio: ["pipe", "pipe", "pipe"] },
    });
  });
});

describe("spawnAgent", () => {
  it("writes lines, reads lines, and reports how the process ended", async () => {
    const agent = await startAgent("echo-lines.mjs");
    await agent.write("one");
    await agent.write("zwei \u2028 é");
    await agent.writeRaw("no line end");
    agent.end();
    agent.end();
    expect(await readTexts(agent)).toEqual(["one", "zwei \u2028 é", "no line end"]);
    expect(await agent.exited).toEqual({ code: 0, signal: null });
    expect(agent.exit).toEqual({ code: 0, signal: null });
    expect(agent.kill("SIGTERM")).toBe(false);
  });

  it("[A1.16] passes the child the environment of the caller and nothing of the host program's", async () => {
    const agent = await spawnAgent({ command: "/usr/bin/env", args: [], env: { ONLY: "this" } });
    expect(await readTexts(agent)).toEqual(["ONLY=this"]);
  });

  it("[A1.5] rejects a prompt of 8 MB to a child that exits early with a typed error, and never crashes the host program", async () => {
    const agent = await startAgent("exit-at-once.mjs", ["9", "no reason"]);
    const write = agent.write("x".repeat(8_000_000));
    const error = await write.catch((reason: unknown) => reason);
    expect(error).toBeInstanceOf(ProcessExitedError);
    expect(error).toMatchObject({ code: "PROCESS_EXITED", exitCode: 9, signal: null, stderr: "starting\nno reason" });
    expect(String(error)).toContain("exited with code 9: no reason");
    await expect(agent.write("again")).rejects.toBeInstanceOf(ProcessExitedError);
    await expect(agent.writeRaw("again")).rejects.toMatchObject({ code: "PROCESS_EXITED" });
    agent.end();
    await expect(agent.write("after the end")).rejects.toBeInstanceOf(TransportClosedError);
    expect(crashes).toEqual([]);
  });

  it("settles a write that the child never reads when the child is killed", async () => {
    const agent = await spawnAgent({ command: "/bin/sleep", args: ["60"], env: {} });
    const write = agent.write("x".repeat(8_000_000));
    agent.end();
    agent.kill("SIGKILL");
    await expect(write).rejects.toMatchObject({ code: "PROCESS_EXITED", signal: "SIGKILL" });
  });

  it("settles it even if a grandchild holds the other end of the input open", async () => {
    const nap = `sleep 86400.${createFamilyToken()}`;
    const args = ["-c", `exec 3<&0; ${nap} & exec ${nap}`];
    const agent = await spawnAgent({ command: "/bin/bash", args, env: { PATH: "/usr/bin:/bin" } });
    const write = agent.write("x".repeat(8_000_000));
    agent.kill("SIGKILL");
    await expect(write).rejects.toMatchObject({ code: "PROCESS_EXITED", signal: "SIGKILL" });
  });

  it("distinguishes a closed input of a living process", async () => {
    const agent = await spawnAgent({ command: "/bin/bash", args: ["-c", "exec 0<&-; exec sleep 60"], env: {} });
    await expect(agent.write("x".repeat(8_000_000))).rejects.toBeInstanceOf(TransportClosedError);
    agent.kill("SIGKILL");
  });

  it("[A1.2] reads a line of 10 MB, and cuts one over the bound", async () => {
    const whole = await startAgent("flood.mjs", ["stdout", "10"]);
    expect((await readTexts(whole)).map((text) => text.length)).toEqual([10_000_000, 7]);
    const cut = await startAgent("flood.mjs", ["stdout", "10"], { maxLineBytes: 1_000 });
    const lines = [];
    for await (const batch of cut.lines) lines.push(...batch);
    expect(lines).toEqual([
      { text: "x".repeat(1_000), truncated: true },
      { text: "the end", truncated: false },
    ]);
  });

  it("[A1.6] slows the child down while its reader does not read, and loses nothing if the child exits meanwhile", async () => {
    const agent = await startAgent("flood.mjs", ["stdout", "4", "lines"]);
    const lines = agent.lines[Symbol.asyncIterator]();
    const first = await lines.next();
    const racer = await startAgent("flood.mjs", ["stdout", "4", "lines"]);
    await readTexts(racer);
    expect(agent.exit).toBeNull();
    let count = first.done === true ? 0 : first.value.length;
    for (let next = await lines.next(); next.done !== true; next = await lines.next()) count += next.value.length;
    expect(count).toBe(40_001);

    const small = await startAgent("flood.mjs", ["stdout", "0", "lines"]);
    await small.exited;
    expect(await readTexts(small)).toEqual(["the end"]);
  });

  it("[A1.5] ends the lines a second after the exit if a grandchild holds stdout open, with all earlier output", async () => {
    const agent = await startAgent("hold-stdout.sh", ["30"]);
    const started = performance.now();
    const texts = await readTexts(agent);
    expect(performance.now() - started).toBeLessThan(5_000);
    expect(texts).toEqual(["before", expect.stringMatching(/^grandchild \d+$/), "unfinished"]);
    process.kill(Number(texts[1]?.slice("grandchild ".length)), "SIGKILL");
  });

  it("[A1.5] ends the lines if a grandchild writes without end", async () => {
    const agent = await startAgent("hold-stdout.sh", ["yes"]);
    const started = performance.now();
    const texts = await readTexts(agent);
    expect(performance.now() - started).toBeLessThan(5_000);
    expect(texts[0]).toBe("before");
  });

  it("allows the child to finish if its reader stops early", async () => {
    for (const take of [0, 1]) {
      const agent = await startAgent("flood.mjs", ["stdout", "10", "lines"]);
      const lines = agent.lines[Symbol.asyncIterator]();
      for (let count = 0; count < take; count += 1) await lines.next();
      await lines.return?.();
      expect(await lines.next()).toEqual({ done: true, value: undefined });
      expect(await agent.exited).toEqual({ code: 0, signal: null });
    }
  });

  it("allows its lines to be read once", async () => {
    const agent = await startAgent("exit-at-once.mjs");
    await readTexts(agent);
    await expect(readTexts(agent)).rejects.toThrow("once");
  });

  it("[A4.4] keeps a bounded tail of a flood of stderr, without the given secrets", async () => {
    const agent = await startAgent("flood.mjs", ["stderr", "50", "lines"], { secrets: ["x".repeat(99)] });
    await agent.exited;
    await agent.describeExit();
    expect(Buffer.byteLength(agent.stderrTail())).toBeLessThanOrEqual(64 * 1024);
    expect(agent.stderrTail()).toMatch(/\[redacted\]\nthe end$/);
  });

  it("describes an exit with the complete last output", async () => {
    const agent = await startAgent("exit-at-once.mjs", ["3", "Error: no such model"]);
    const error = await agent.describeExit();
    expect(error.message).toBe("The codex process exited with code 3: Error: no such model");
    expect(error.toJSON()).toMatchObject({ code: "PROCESS_EXITED", exitCode: 3, signal: null });
    const killed = await spawnAgent({ command: "/bin/sleep", args: ["60"], env: {} });
    killed.kill("SIGKILL");
    expect((await killed.describeExit()).message).toBe("The codex process was ended by SIGKILL.");
  });
});

describe("a process that cannot start", () => {
  const env = { PATH: "/usr/bin:/bin" };

  it("[A1.9] is a typed error for a missing file, a folder, a plain file and a missing interpreter", async () => {
    const folder = createScratchFolder();
    const plain = join(folder, "plain");
    const script = join(folder, "script");
    writeFileSync(plain, "");
    writeFileSync(script, "#!/no/such/interpreter\n");
    chmodSync(script, 0o755);
    await expect(spawnAgent({ command: join(folder, "none"), args: [], env })).rejects.toBeInstanceOf(
      BinaryNotFoundError,
    );
    for (const command of [folder, plain, script]) {
      await expect(spawnAgent({ command, args: [], env })).rejects.toBeInstanceOf(BinaryNotExecutableError);
    }
  });

  it("can be unreferenced repeatedly after its end without a further listener", async () => {
    const agent = await spawnAgent({ command: "/bin/true", args: [], env });
    expect(await readTexts(agent)).toEqual([]);
    await agent.describeExit();
    const warned = vi.spyOn(process, "emitWarning").mockImplementation(() => undefined);
    onTestFinished(() => warned.mockRestore());
    for (let i = 0; i < 30; i++) agent.unref();
    expect(warned).not.toHaveBeenCalled();
  });

  it("is a typed error for a working directory that is missing or a file", async () => {
    const file = join(createScratchFolder(), "file");
    writeFileSync(file, "");
    for (const cwd of ["/no/such/folder", file]) {
      const error = await spawnAgent({ command: "/bin/true", args: [], env, cwd }).catch((reason: unknown) => reason);
      expect(error).toBeInstanceOf(OptionError);
      expect(error).toMatchObject({ code: "WORKING_DIRECTORY_MISSING" });
    }
  });

  it("[A1.15] is a typed error that names the app-server if the arguments are too large", async () => {
    const error = await spawnAgent({ command: "/bin/true", args: ["x".repeat(200_000)], env }).catch((e: unknown) => e);
    expect(error).toMatchObject({ code: "INVALID_OPTION", option: "config" });
    expect(String(error)).toMatch(/\d{6} bytes.*app-server/);
  });

  it("[A4.4] does not repeat a value that holds a null byte", async () => {
    const error = await spawnAgent({ command: "/bin/true", args: [], env: { KEY: "sesame\0" } }).catch(
      (e: unknown) => e,
    );
    expect(error).toMatchObject({ code: "INVALID_OPTION" });
    expect(error).not.toHaveProperty("cause");
    expect(JSON.stringify(error) + String(error)).not.toContain("sesame");
  });
});
