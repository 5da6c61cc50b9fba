import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { Extractor, ExtractorConfig } from "@microsoft/api-extractor";
import { format } from "prettier";
import { readManifest } from "../house/package-manifest.js";
import { root } from "../house/read-files.js";
import { shortenReport, type Declaration, declarationsOf } from "./shorten-report.js";

/**
 * Returns the page of each entry point: its exports, and the types in their signatures that are not exported. Types of
 * the wire that the entry point does not export are omitted (the binary's own schema covers them), and so are exports
 * of `codexkit/protocol` on the other pages.
 */
export async function makeApiReports(scratch: string): Promise<Map<string, string>> {
  const { exports, name } = await readManifest();
  const wire = await readWireTypes();
  const entries = Object.entries(exports).flatMap(([entry, target]) =>
    typeof target === "string" ? [] : [{ name: entry.replace(/^\./, name), declarations: target.types }],
  );
  const reports = await Promise.all(
    entries.map(async (entry) => ({ ...entry, blocks: declarationsOf(await extract(entry, scratch)) })),
  );
  const protocol = reports.find((report) => report.name === `${name}/protocol`)?.blocks ?? [];
  const shared = protocol.filter(({ exported }) => exported).map((block) => block.name);
  const pages = reports.map(async (report) => {
    const elsewhere = report.blocks === protocol ? wire : new Set([...wire, ...shared]);
    const kept = shortenReport(report.blocks, elsewhere);
    return [`${report.name.replace("/", "-")}.api.md`, await render(report.name, kept)] as const;
  });
  return new Map(await Promise.all(pages));
}

async function readWireTypes(): Promise<ReadonlySet<string>> {
  const folder = join(root, "dist/protocol/generated");
  const texts = await Promise.all(
    ["types.d.ts", "item-types.d.ts"].map((file) => readFile(join(folder, file), "utf8")),
  );
  return new Set([...texts.join("\n").matchAll(/^export type (\w+)/gm)].map(([, name = ""]) => name));
}

/** Returns the report of API Extractor as text, without declarations marked `@internal`. */
async function extract(entry: { readonly name: string; readonly declarations: string }, scratch: string) {
  const page = entry.name.replace("/", "-");
  const settings = ExtractorConfig.loadFile(fileURLToPath(new URL("api-extractor.json", import.meta.url)));
  const config = ExtractorConfig.prepare({
    configObject: {
      ...settings,
      projectFolder: root,
      mainEntryPointFilePath: join(root, entry.declarations),
      apiReport: {
        ...settings.apiReport,
        enabled: true,
        reportFileName: page,
        reportFolder: scratch,
        reportTempFolder: join(scratch, "temp"),
      },
    },
    configObjectFullPath: undefined,
    packageJsonFullPath: join(root, "package.json"),
  });
  const { succeeded } = Extractor.invoke(config, { localBuild: true, messageCallback: quiet });
  if (!succeeded) throw new Error(`API Extractor cannot read the declarations of ${entry.name}`);
  return readFile(join(scratch, `${page}.public.api.md`), "utf8");
}

/** Prints errors only. */
function quiet(message: { logLevel: string; handled: boolean }): void {
  if (message.logLevel !== "error") message.handled = true;
}

async function render(name: string, declarations: readonly Declaration[]): Promise<string> {
  const note = "Written by `npm run api-report`; a change of it is a change of the public surface.";
  const code = declarations.map(({ text }) => text).join("\n\n");
  return format(`# \`${name}\`\n\n${note}\n\n\`\`\`ts no-check\n${code}\n\`\`\`\n`, {
    parser: "markdown",
    printWidth: 120,
  });
}
