/** The repository in which every documented program runs. */
export const sampleProject: ReadonlyMap<string, string | Uint8Array> = new Map<string, string | Uint8Array>([
  ["README.md", "# Greeting\n\nSays hello to whoever is named.\n"],
  ["package.json", '{ "name": "greeting", "version": "1.0.0", "type": "module" }\n'],
  ["src/greeting.js", "export function greeting(name) {\n  return `Hello, ${name}`;\n}\n"],
  ["packages/api/package.json", '{ "name": "@greeting/api", "version": "1.0.0", "type": "module" }\n'],
  ["diagram.png", onePixel()],
]);

function onePixel(): Uint8Array {
  const base64 = "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mP8z8BQDwAEhQGAhKmMIQAAAABJRU5ErkJggg==";
  return Buffer.from(base64, "base64");
}
