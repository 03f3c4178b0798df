/** The value of a field that limits the bytes of what is kept: up to 1 TiB, or no limit. */
export const BYTE_LIMIT = {
  type: 'integer',
  min: 0,
  max: 1_099_511_627_776,
  unit: 'bytes',
  zeroMeans: 'no limit',
} as const;
