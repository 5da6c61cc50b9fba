// Plain JavaScript, for the same reason as `secret-names.js`.

/**
 * The settings that keep git from running programs of a repository that it works in: no repository without a work tree is
 * used unless it is named, and neither a file monitor nor hooks run. They are set by variables, and are no secrets.
 * @type {readonly (readonly [name: string, value: string])[]}
 */
export const gitHardening = [
  ["safe.bareRepository", "explicit"],
  ["core.fsmonitor", "false"],
  ["core.hooksPath", "/dev/null"],
];
