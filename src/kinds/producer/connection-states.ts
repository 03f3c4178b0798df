/** States of a publisher's connection by their places in its machine, for who does without the machine itself. */
export const CONNECTION_STATES = ['running', 'blocked', 'flow'] as const;
export type ConnectionState = (typeof CONNECTION_STATES)[number];
