/**
 * Limits of the package's size: about a tenth over its size when the limit was last set. A change that breaks one either makes
 * the package smaller or raises the limit here, with the reason in the commit.
 */
export const limits = {
  "bytes of the tarball": 530_000,
  "bytes of the package unpacked": 2_060_000,
  "files in the package": 175,
  'bytes of JavaScript read by `import "codexkit"`': 515_000,
  'modules read by `import "codexkit"`': 16,
} as const;

export type Measure = keyof typeof limits;
