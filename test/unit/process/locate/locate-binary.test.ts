import { chmodSync, mkdirSync, symlinkSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { describe, expect, it } from "vitest";
import { BinaryNotExecutableError, BinaryNotFoundError } from "../../../../src/process/locate/binary-errors.js";
import { codexTarget, findPackagedBinary, outsideArchive } from "../../../../src/process/locate/codex-package.js";
import { locateBinary, type LocateBinaryOptions } from "../../../../src/process/locate/locate-binary.js";
import { pathCandidates, shimTarget } from "../../../../src/process/locate/search-path.js";
import { createScratchFolder } from "../scratch-folder.js";

const target = codexTarget(process.platform, process.arch) ?? {
  triple: "none",
  packageName: "none",
  executable: "none",
};

describe("locateBinary", () => {
  it("prefers the option, then CODEX_PATH, then the package, then PATH", () => {
    const folder = createScratchFolder();
    const [option, variable, onPath] = ["option/codex", "variable/codex", "path/codex"].map((name) =>
      addFile(join(folder, name)),
    );
    const env = { CODEX_PATH: variable, PATH: dirname(onPath ?? "") };
    expect(locate({ codexPathOverride: option, env })).toMatchObject({ path: option, source: "option", args: [] });
    expect(locate({ env })).toMatchObject({ path: variable, source: "CODEX_PATH", pathDirs: [] });
    expect(locate({ env: { PATH: env.PATH } }).source).toBe("package");
  });

  it("finds the installed package from codexkit's own place, with the folder of its helpers", () => {
    const found = locate({ env: {} });
    expect(found.path).toContain(join("vendor", target.triple, "bin", target.executable));
    expect(found).toMatchObject({ source: "package", command: found.path, args: [] });
    expect(found.pathDirs).toEqual([join(dirname(dirname(found.path)), "codex-path")]);
  });

  it.each(["option", "CODEX_PATH"] as const)("does not search further if the file named by %s is missing", (source) => {
    const missing = join(createScratchFolder(), "nothing", "codex");
    const error = failure(naming(source, missing));
    expect(error).toBeInstanceOf(BinaryNotFoundError);
    expect(error).toMatchObject({ code: "BINARY_NOT_FOUND", retryable: false, tried: [{ reason: "no such file" }] });
    expect(error.message).toContain(missing);
  });

  it.each(["option", "CODEX_PATH"] as const)(
    "refuses a folder and a file without execute permission from %s",
    (source) => {
      const folder = createScratchFolder();
      const plain = addFile(join(folder, "codex"), "", 0o644);
      for (const path of [folder, plain]) {
        const error = failure(naming(source, path));
        expect(error).toBeInstanceOf(BinaryNotExecutableError);
        expect(error).toMatchObject({ code: "BINARY_NOT_EXECUTABLE", path });
      }
    },
  );

  it("refuses an empty option, and takes an empty CODEX_PATH as unset", () => {
    expect(failure({ codexPathOverride: "", env: {} })).toMatchObject({ code: "BINARY_NOT_FOUND" });
    expect(locate({ env: { CODEX_PATH: "" } }).source).toBe("package");
  });

  it("searches a bare name on PATH only, as a spawn does", () => {
    const folder = createScratchFolder();
    const path = addFile(join(folder, "my-codex"));
    expect(locate({ codexPathOverride: "my-codex", env: { PATH: folder } })).toMatchObject({ path, source: "option" });
    expect(failure({ codexPathOverride: "my-codex", env: {} }).message).toContain(
      "codexPathOverride (my-codex): not on PATH",
    );
  });

  it("follows npm's launcher to the native binary, through the link on PATH too", () => {
    const folder = createScratchFolder();
    const { launcher, native } = installPackage(folder);
    const link = join(folder, "bin", "codex");
    mkdirSync(dirname(link));
    symlinkSync(launcher, link);
    for (const codexPathOverride of [launcher, link]) {
      expect(locate({ codexPathOverride, env: {} })).toMatchObject({ path: native, command: native, args: [] });
    }
  });

  it("starts a script by Node if it has no native binary", () => {
    const script = addFile(join(createScratchFolder(), "fake-codex.mjs"), "", 0o644);
    expect(locate({ codexPathOverride: script, env: {} })).toMatchObject({ command: process.execPath, args: [script] });
  });

  it("[A1.18] resolves npm's .cmd shim on Windows without a shell, and refuses any other batch file", () => {
    const folder = createScratchFolder();
    const { native } = installPackage(folder, "win32", "x64");
    const shim = addFile(join(folder, "codex.cmd"), npmShim);
    const other = addFile(join(folder, "other.cmd"), "@echo off\r\necho hello\r\n");
    const windows = { platform: "win32", arch: "x64", env: {} } as const;
    expect(locate({ ...windows, codexPathOverride: shim })).toMatchObject({ path: native, command: native });
    expect(failure({ ...windows, codexPathOverride: other })).toMatchObject({ code: "BINARY_NOT_EXECUTABLE" });
  });
});

describe("findPackagedBinary", () => {
  it("finds the present layout, the legacy one, and the one inside the main package", () => {
    for (const layout of ["bin", "codex"]) {
      const folder = createScratchFolder();
      const { native } = installPackage(folder, "linux", "x64", layout);
      expect(findPackagedBinary(folder, linux())?.path).toBe(native);
    }
    const folder = createScratchFolder();
    const main = join(folder, "node_modules/@openai/codex");
    addFile(join(main, "package.json"), "{}");
    const native = addFile(join(main, "vendor/x86_64-unknown-linux-musl/codex/codex"));
    addFile(join(main, "vendor/x86_64-unknown-linux-musl/path/rg"));
    expect(findPackagedBinary(folder, linux())).toEqual({ path: native, pathDirs: [join(native, "../../path")] });
  });

  it("takes the entry point from codex-package.json, but never one outside the package", () => {
    const folder = createScratchFolder();
    const { native, vendor } = installPackage(folder, "linux", "x64");
    const moved = addFile(join(vendor, "moved/codex"));
    writeFileSync(join(vendor, "codex-package.json"), JSON.stringify({ entrypoint: "moved/codex", pathDir: "moved" }));
    expect(findPackagedBinary(folder, linux())).toEqual({ path: moved, pathDirs: [join(vendor, "moved")] });
    writeFileSync(join(vendor, "codex-package.json"), JSON.stringify({ entrypoint: "../../../../../bin/sh" }));
    expect(findPackagedBinary(folder, linux())?.path).toBe(native);
    writeFileSync(join(vendor, "codex-package.json"), "not JSON");
    expect(findPackagedBinary(folder, linux())?.path).toBe(native);
  });

  it("[A1.17] names the unpacked copy of a binary inside an Electron archive", () => {
    expect(outsideArchive("/opt/app/resources/app.asar/node_modules/x")).toBe(
      "/opt/app/resources/app.asar.unpacked/node_modules/x",
    );
    expect(outsideArchive("C:\\app\\app.asar\\node_modules")).toBe("C:\\app\\app.asar.unpacked\\node_modules");
    expect(outsideArchive("/opt/app.asar.unpacked/x")).toBe("/opt/app.asar.unpacked/x");
    const folder = createScratchFolder();
    installPackage(join(folder, "app.asar"), "linux", "x64", "bin", 0o644);
    const { native } = installPackage(join(folder, "app.asar.unpacked"), "linux", "x64");
    expect(findPackagedBinary(join(folder, "app.asar"), linux())?.path).toBe(native);
  });

  it("reports the missing parts of each place", () => {
    const folder = createScratchFolder();
    const tried: string[] = [];
    const search = {
      ...linux(),
      onMiss: ({ place, reason }: { place: string; reason: string }) => tried.push(`${place}: ${reason}`),
    };
    findPackagedBinary(folder, search);
    expect(tried).toEqual([`@openai/codex from ${folder}: not installed`]);
    addFile(join(folder, "node_modules/@openai/codex/package.json"), "{}");
    tried.length = 0;
    findPackagedBinary(folder, { ...search, arch: "arm64" });
    expect(tried.join("\n")).toContain("@openai/codex-linux-arm64");
    expect(tried.join("\n")).toContain("--omit=optional");
    findPackagedBinary(folder, { ...search, platform: "sunos" });
    expect(tried.join("\n")).toContain("no binary exists for sunos");
  });
});

describe("the platform rules", () => {
  it("[A1.18] names target and package of each platform", () => {
    expect(codexTarget("win32", "arm64")).toEqual({
      triple: "aarch64-pc-windows-msvc",
      packageName: "@openai/codex-win32-arm64",
      executable: "codex.exe",
    });
    expect(codexTarget("darwin", "x64")).toMatchObject({ triple: "x86_64-apple-darwin" });
    expect(codexTarget("android", "arm64")).toMatchObject({ packageName: "@openai/codex-linux-arm64" });
    expect(codexTarget("linux", "ia32")).toBeUndefined();
    expect(codexTarget("freebsd", "x64")).toBeUndefined();
  });

  it("[A1.18] lists the candidates of PATH and PATHEXT on Windows, in any case of the two names", () => {
    const env = { Path: "C:\\old", pathext: ".EXE;.CMD", PATH: '"C:\\a b";relative;;\\\\server\\share' };
    expect(pathCandidates("codex", { env, platform: "win32" })).toEqual([
      "C:\\a b\\codex.exe",
      "C:\\a b\\codex.cmd",
      "\\\\server\\share\\codex.exe",
      "\\\\server\\share\\codex.cmd",
    ]);
    expect(pathCandidates("codex.cmd", { env: { PATH: "C:\\a" }, platform: "win32" })).toEqual(["C:\\a\\codex.cmd"]);
  });

  it("never looks in the current folder for an empty or relative entry of PATH", () => {
    expect(pathCandidates("codex", { env: { PATH: ":/usr/bin::bin:." }, platform: "linux" })).toEqual([
      "/usr/bin/codex",
    ]);
    expect(pathCandidates("codex", { env: {}, platform: "linux" })).toEqual([]);
  });

  it("[A1.18] finds the script in the shims of npm, new and old, and of pnpm", () => {
    expect(shimTarget(npmShim)).toBe("node_modules/@openai/codex/bin/codex.js");
    expect(shimTarget('@"%~dp0\\..\\pkg\\codex.exe" %*')).toBe("../pkg/codex.exe");
    expect(shimTarget(pnpmShim)).toBe("../@openai/codex/bin/codex.js");
    expect(shimTarget("@echo off")).toBeUndefined();
  });
});

const npmShim = [
  "@ECHO off",
  "GOTO start",
  ":find_dp0",
  "SET dp0=%~dp0",
  "EXIT /b",
  ":start",
  "SETLOCAL",
  "CALL :find_dp0",
  'IF EXIST "%dp0%\\node.exe" (',
  '  SET "_prog=%dp0%\\node.exe"',
  ") ELSE (",
  '  SET "_prog=node"',
  "  SET PATHEXT=%PATHEXT:;.JS;=;%",
  ")",
  'endLocal & goto #_undefined_# 2>NUL || title %COMSPEC% & "%_prog%"  "%dp0%\\node_modules\\@openai\\codex\\bin\\codex.js" %*',
].join("\r\n");

const pnpmShim = [
  "@SETLOCAL",
  '@IF EXIST "%~dp0\\node.exe" (',
  '  "%~dp0\\node.exe"  "%~dp0\\..\\@openai\\codex\\bin\\codex.js" %*',
  ") ELSE (",
  "  @SET PATHEXT=%PATHEXT:;.JS;=;%",
  '  node  "%~dp0\\..\\@openai\\codex\\bin\\codex.js" %*',
  ")",
].join("\r\n");

function locate(options: LocateBinaryOptions) {
  return locateBinary(options);
}

function failure(options: LocateBinaryOptions): Error {
  try {
    locateBinary(options);
  } catch (error) {
    if (error instanceof Error) return error;
  }
  throw new Error("nothing was thrown");
}

function naming(source: "option" | "CODEX_PATH", path: string): LocateBinaryOptions {
  return source === "option" ? { codexPathOverride: path, env: {} } : { env: { CODEX_PATH: path } };
}

function addFile(path: string, text = "#!/bin/sh\n", mode = 0o755): string {
  mkdirSync(dirname(path), { recursive: true });
  writeFileSync(path, text);
  chmodSync(path, mode);
  return path;
}

const linux = () => ({ platform: "linux", arch: "x64", onMiss: () => undefined }) as const;

/** The files of an npm install of codex, with an empty program for the binary. */
function installPackage(folder: string, ...kind: [NodeJS.Platform?, string?, string?, number?]) {
  const [platform = process.platform, arch = process.arch, layout = "bin", mode = 0o755] = kind;
  const installed = codexTarget(platform, arch) ?? target;
  const main = join(folder, "node_modules/@openai/codex");
  addFile(join(main, "package.json"), "{}");
  const launcher = addFile(join(main, "bin/codex.js"), "");
  const platformPackage = join(folder, "node_modules", installed.packageName);
  addFile(join(platformPackage, "package.json"), "{}");
  const vendor = join(platformPackage, "vendor", installed.triple);
  return { launcher, vendor, native: addFile(join(vendor, layout, installed.executable), "", mode) };
}
