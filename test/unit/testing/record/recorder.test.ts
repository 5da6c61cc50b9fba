import { spawn } from "node:child_process";
import { once } from "node:events";
import { readFileSync, statSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { text } from "node:stream/consumers";
import { describe, expect, it, vi } from "vitest";
import { createRecorder, parseRecording, type RecordedEntry, type Recorder } from "../../../../src/testing/index.js";
import { lineText } from "../../../../src/testing/record/recording.js";
import { createScratchFolder } from "../../process/scratch-folder.js";

/** Prints its arguments and its input in several forms, waits for a signal if an argument is `wait`, and exits with 7. */
const program = `#!${process.execPath}
if (process.argv[2] === "--version") {
  console.log("codex-cli 0.169.0");
} else {
  process.stdout.write(JSON.stringify({ apiKey: "planted-secret-1", sortKey: "updated_at", argv: process.argv.slice(2) }) + "\\n");
  process.stdout.write('{"spaced": 1.0}\\nOPENAI_API_KEY=planted-secret-2\\n');
  process.stderr.write(process.env.SOME_TOKEN + "\\n");
  process.on("SIGINT", () => process.exit(7));
  process.stdin.on("data", (chunk) => process.stdout.write(chunk)).on("end", () => {
    process.stdout.write("the end");
    if (!process.argv.includes("wait")) process.exitCode = 7;
    else setInterval(() => undefined, 1000);
  });
}
`;

describe("a recorder", () => {
  it("[A0.3] passes all output through unchanged and records it without secrets", async () => {
    const { recorder, output, errors, code } = await play(["exec", "planted-secret-3"], 'né\u2028e\r\n{"a":1}');
    expect(output).toContain('"apiKey":"planted-secret-1"');
    expect(output).toMatch(/\n\{"spaced": 1\.0\}\nOPENAI_API_KEY=planted-secret-2\nné\u2028e\r\n\{"a":1\}the end$/);
    expect(errors).toBe("planted-secret-3\n");
    expect(code).toBe(7);
    const { codexVersion, processes } = recorder.read();
    expect(codexVersion).toBe("0.169.0");
    expect(processes).toHaveLength(1);
    const [{ start, entries }] = processes as [(typeof processes)[number]];
    expect(start).toMatchObject({
      argv: ["exec", "[redacted]"],
      env: expect.arrayContaining(["SOME_TOKEN"]) as unknown,
    });
    expect(linesOf(entries, "stdin")).toEqual(["né\u2028e\r", '{"a":1}']);
    expect(linesOf(entries, "stdout")).toEqual([
      '{"apiKey":"[redacted]","sortKey":"updated_at","argv":["exec","[redacted]"]}',
      '{"spaced": 1.0}',
      "OPENAI_API_KEY=[redacted]",
      "né\u2028e\r",
      '{"a":1}the end',
    ]);
    expect(linesOf(entries, "stderr")).toEqual(["[redacted]"]);
    expect(entries.at(-1)).toMatchObject({ type: "exit", code: 7, signal: null });
    expect(readFileSync(recorder.file, "utf8")).not.toContain("planted-secret");
    expect(statSync(recorder.file).mode & 0o777).toBe(0o600);
  });

  it("[A0.3] [A4.4] records no configured secret, of either transport", async () => {
    const config = {
      "mcp_servers.x.http_headers.X-Custom": "planted-header",
      "mcp_servers.x.env": { PW: "planted-variable" },
      "mcp_servers.x.cookie": "id=planted cookie; path=/",
      "mcp_servers.x.args": ["--token", "planted-argument"],
      "mcp_servers.x.url": "https://host/mcp?key=planted-parameter",
      "shell_environment_policy.set.A": "planted-set",
      custom: { passphrase: "planted words with spaces", pin_token: 12345678, auth: { x: "planted-auth" } },
      model: "kept",
    };
    const request = JSON.stringify({ method: "thread/start", params: { config } });
    const edit = JSON.stringify({ keyPath: "mcp_servers.x.http_headers.X-Custom", value: "planted-edit" });
    const settings = [
      'mcp_servers.x.env.PW="planted-flag"',
      "x={ http_headers={ A='planted-inline' } }",
      'model="kept"',
    ];
    const argv = ["exec", ...settings.flatMap((setting) => ["--config", setting])];
    const { recorder } = await play(argv, `${request}\n${edit}\n`);
    const recorded = readFileSync(recorder.file, "utf8");
    expect(recorded).not.toMatch(/planted|12345678/);
    expect(recorder.read().processes[0]?.start.argv.at(-1)).toBe('model="kept"');
    expect(linesOf(recorder.read().processes[0]?.entries ?? [], "stdin")[0]).toContain('"model":"kept"');
  });

  it("[A0.3] passes a signal to codex, records it, and exits like codex", async () => {
    const { recorder, code } = await play(["wait"], "", "SIGINT");
    expect(code).toBe(7);
    const entries = recorder.read().processes[0]?.entries ?? [];
    const kinds = entries.flatMap((entry) => (entry.type === "signal" ? [entry.signal] : [entry.type]));
    expect(kinds.slice(kinds.indexOf("SIGINT"))).toEqual(expect.arrayContaining(["SIGINT", "exit"]));
  });

  it("[A0.3] records several simultaneous processes into one file, each of them complete", async () => {
    const recorder = record();
    await Promise.all([1, 2, 3, 4].map((n) => start(recorder, ["exec", String(n)], `${n}\n`.repeat(500))));
    const { processes } = recorder.read();
    expect(processes.map(({ start: { argv } }) => argv[1]).sort()).toEqual(["1", "2", "3", "4"]);
    for (const { start: first, entries } of processes) {
      expect(linesOf(entries, "stdin")).toEqual(Array.from({ length: 500 }, () => first.argv[1]));
    }
  });
});

describe("a text that is not a recording", () => {
  it("is rejected with its place and the remedy", () => {
    expect(() => parseRecording("{}", "x.jsonl")).toThrow(/x\.jsonl is not a recording of codex/);
    expect(() => parseRecording('{"type":"recording","version":9}')).toThrow(/version 9.*Record it again/);
    const bad = '{"type":"recording","version":1,"codexVersion":null}\n{"type":"later"}';
    expect(() => parseRecording(bad, "x.jsonl")).toThrow("x.jsonl, line 2 is not an entry of a recording");
  });
});

function record(): Recorder {
  const folder = createScratchFolder();
  const codex = join(folder, "codex");
  writeFileSync(codex, program, { mode: 0o700 });
  vi.stubEnv("SOME_TOKEN", "planted-secret-3");
  return createRecorder({ file: join(folder, "a.jsonl"), directory: folder, codexPathOverride: codex });
}

async function play(argv: readonly string[], input: string, signal?: NodeJS.Signals) {
  const recorder = record();
  return { recorder, ...(await start(recorder, argv, input, signal)) };
}

async function start(recorder: Recorder, argv: readonly string[], ...[input, signal]: [string, NodeJS.Signals?]) {
  const child = spawn(recorder.codexPathOverride, argv, { stdio: "pipe" });
  const errors = text(child.stderr);
  let output = "";
  child.stdout.setEncoding("utf8").on("data", (chunk: string) => {
    output += chunk;
    if (signal !== undefined && output.endsWith("the end")) child.kill(signal);
  });
  child.stdin.end(input);
  const [code] = (await once(child, "close")) as [number | null];
  return { output, errors: await errors, code };
}

function linesOf(entries: readonly RecordedEntry[], type: "stdin" | "stdout" | "stderr"): string[] {
  return entries.flatMap((entry) => (entry.type === type ? [lineText(entry)] : []));
}
