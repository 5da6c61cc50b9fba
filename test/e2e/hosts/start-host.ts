import { execFile, spawnSync } from "node:child_process";
import { randomUUID } from "node:crypto";
import { rm } from "node:fs/promises";
import { dirname, join } from "node:path";
import { promisify } from "node:util";
import { build } from "esbuild";
import { root } from "../../../scripts/house/read-files.js";
import type { HostPlan, HostReport } from "./host-program.js";

/** Programs of `unshare` that start a host in a container-like place. */
export const places = {
  /** A user that the system's list does not contain. */
  foreignUser: ["--user", "--map-user=4242"],
  /** A mount namespace, in which `readOnly` remounts folders. */
  ownMounts: ["--user", "--map-root-user", "--mount"],
} as const;

export type HostPlace = keyof typeof places;

/** Whether this system lets a user create namespaces, as codex's own sandbox does. */
export const canUnshare = spawnSync("unshare", [...places.ownMounts, "true"]).status === 0;

export interface HostOptions {
  readonly place?: HostPlace;
  /** A folder that is read-only for the host and codex. */
  readonly readOnly?: string;
  readonly env: Readonly<Record<string, string>>;
  /** A shell script that ends with `exec "$@"`. */
  readonly before?: string;
}

let bundling: Promise<{ readonly host: string; readonly cli: string }> | null = null;

/** Bundles the programs once for a file of tests: they start within a tenth of the time. */
function bundled(): Promise<{ readonly host: string; readonly cli: string }> {
  bundling ??= (async () => {
    // Two folders below package.json, as in dist/, so that imports of packages resolve.
    const folder = join(root, ".tmp", `e2e-hosts-${randomUUID()}`);
    await build({
      entryPoints: { host: join(root, "test/e2e/hosts/host-program.ts"), cli: join(root, "src/cli/main.ts") },
      outdir: folder,
      outExtension: { ".js": ".mjs" },
      bundle: true,
      // As in dist/, a transport is imported when it is first needed.
      splitting: true,
      packages: "external",
      platform: "node",
      target: "node20.19",
      format: "esm",
      logLevel: "silent",
    });
    return { host: join(folder, "host.mjs"), cli: join(folder, "cli.mjs") };
  })();
  return bundling;
}

/** Removes the bundles. */
export async function removeBundles(): Promise<void> {
  await rm(dirname((await bundled()).host), { recursive: true, force: true });
}

/** Runs the host program of `host-program.ts` and returns its report. */
export async function startHost(plan: HostPlan, options: HostOptions): Promise<HostReport> {
  const { stdout } = await start([(await bundled()).host, JSON.stringify(plan)], options);
  return JSON.parse(stdout) as HostReport;
}

/** Returns the path of the host program, for a worker. */
export async function hostProgram(): Promise<string> {
  return (await bundled()).host;
}

/** Runs the command line from its sources. Returns its output also if it fails. */
export async function startCli(args: readonly string[], options: HostOptions & { readonly cwd: string }) {
  return await start([(await bundled()).cli, ...args], options).catch((error: unknown) => {
    const { stdout = "", stderr = "" } = error as { readonly stdout?: string; readonly stderr?: string };
    return { stdout, stderr };
  });
}

async function start(
  args: readonly string[],
  { place, readOnly, env, before, ...rest }: HostOptions & { readonly cwd?: string },
) {
  const node = [process.execPath, ...args];
  const mount = 'mount --bind "$0" "$0" && mount -o remount,ro,bind "$0" && exec "$@"';
  const script = readOnly === undefined ? before : mount;
  const inner = script === undefined ? node : ["sh", "-c", script, readOnly ?? "sh", ...node];
  const [command = "", ...more] = place === undefined ? inner : ["unshare", ...places[place], ...inner];
  return await promisify(execFile)(command, more, { env, timeout: 40_000, ...rest });
}
