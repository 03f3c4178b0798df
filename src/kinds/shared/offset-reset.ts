/** `auto.offset.reset`, as places in the options of the group's field: where a group goes on without a valid offset. */
export const OFFSET_RESETS = ['earliest', 'latest', 'none', 'by-duration'] as const;

export const OFFSET_RESET = { earliest: 0, latest: 1, none: 2, byDuration: 3 } as const;
